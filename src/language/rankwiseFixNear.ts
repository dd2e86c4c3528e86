import * as z from 'zod';
import { isResource, resourceNames } from '../config/argumentLists';
import type { Problem } from '../config/problem';
import { referencesIn } from '../config/references';
import { schemasAt, shapeOf } from '../config/schemaAt';
import { suggest } from '../config/suggest';
import { nearOption } from '../config/checks/launcherArguments';
import type { RankwiseContext } from './rankwiseContext';
import { placeAt, type PlaceInFile, type RankwiseFile } from './rankwiseFile';
import { axesOf, clusterNames, keysAt, parametersOf, textAt } from './rankwiseTree';
import { valueChoices } from './rankwiseValues';

/** What may have been meant; `isNear`: surely, for it is almost what is written. */
export interface Near {
  value: string;
  isNear: boolean;
}

/** Most choices that are offered where none is near. */
const maxChoices = 8;

/** Names and words that could stand where a problem is. */
export function nearest(
  file: RankwiseFile,
  problem: Problem,
  place: PlaceInFile | undefined,
  context: RankwiseContext,
): Near[] {
  const { root, text, lines } = file;
  if (root === undefined) return [];
  const written = text.slice(lines.offset(problem.range.start), lines.offset(problem.range.end));
  if (problem.code === 'rankwise.unknownReference') return nearReference(file, problem, written);
  if (place === undefined) return [];
  const { path } = place;
  const launch = String(path[1]);
  const name = place.part === 'key' ? String(path.at(-1)) : (textAt(root, path) ?? '');
  switch (problem.code) {
    case 'rankwise.unknownKey':
      return pick(name, knownKeys(place), false);
    case 'rankwise.unknownCluster':
      return pick(name, clusterNames(root), true);
    case 'rankwise.unknownLaunch': {
      const others = keysAt(root, ['launches']).filter((other) => other !== launch);
      return pick(name, others, true);
    }
    case 'rankwise.unknownParameter':
      return pick(name, [...Object.keys(parametersOf(root, launch)), ...resourceNames], false);
    case 'rankwise.launcherOption': {
      const near = nearOption(textAt(root, ['launches', launch, 'launcher']) ?? '', name);
      return near === undefined ? [] : [{ value: near, isNear: true }];
    }
    default: {
      const words = schemasAt(path).some(
        ({ schema }) => schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral,
      );
      return words
        ? pick(
            name,
            valueChoices(root, path, context).map(({ value }) => value),
            true,
          )
        : [];
    }
  }
}

function knownKeys({ path }: PlaceInFile): string[] {
  return schemasAt(path.slice(0, -1)).flatMap(({ schema }) =>
    schema instanceof z.ZodObject ? [...shapeOf(schema).keys()] : [],
  );
}

/** The nearest of the candidates; all of them where none is near and they are few. */
function pick(word: string, candidates: readonly string[], all: boolean): Near[] {
  const near = suggest(word, candidates);
  const others = all ? candidates.filter((candidate) => candidate !== near).slice(0, maxChoices) : [];
  return [
    ...(near === undefined ? [] : [{ value: near, isNear: true }]),
    ...others.map((value) => ({ value, isNear: false })),
  ];
}

/** The problem underlines the reference; the whole value where it does not stand there as it is meant. */
function nearReference(file: RankwiseFile, { range }: Problem, written: string): Near[] {
  const { root, lines } = file;
  const launch = placeAt(file, lines.offset(range.start))?.path[1];
  const [reference] = referencesIn(written);
  if (root === undefined || launch === undefined || reference?.text !== written) return [];
  const { kind, name } = reference;
  const axes = [...axesOf(root, String(launch)).keys()];
  if (kind === 'short' && isResource(name) && axes.includes(name)) {
    return [{ value: `\${matrix.${name}}`, isNear: true }];
  }
  const near = suggest(name, kind === 'matrix' ? axes : Object.keys(parametersOf(root, String(launch))));
  const prefix = kind === 'short' ? '' : `${kind}.`;
  return near === undefined ? [] : [{ value: `\${${prefix}${near}}`, isNear: true }];
}
