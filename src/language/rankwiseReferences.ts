import { environmentNamePattern } from '../config/names';
import { referencePlace } from '../config/referencePlace';
import type { YamlNode } from '../config/yamlTree';
import { textEntries, type Path } from '../config/yamlPath';
import { codeSpan } from './markdown';
import type { RankwiseContext } from './rankwiseContext';
import { axesOf, keysAt, parametersOf } from './rankwiseTree';

/** Something that `${…}` may name. */
export interface ReferenceChoice {
  /** What stands between the braces, or behind `$` in text for a shell. */
  name: string;
  detail: string;
  documentation?: string;
}

/** What `${…}` may name at a place of the file; nothing where nothing is put in. */
export function referenceChoices(root: YamlNode, path: Path, context: RankwiseContext): ReferenceChoice[] {
  const launch = String(path[1]);
  const fetched = [
    ...['NAME', ...(context.secrets ?? [])].map((name) =>
      choice(`secret:${name}`, 'a secret that Rankwise keeps'),
    ),
    ...['NAME', ...(context.variables ?? [])].map((name) =>
      choice(`env:${name}`, 'a variable of this machine'),
    ),
  ];
  const place = referencePlace(path);
  if (place === 'clusterEnv') return fetched;
  if (place !== 'env' && place !== 'list') return [];
  const varied = [
    ...Object.entries(parametersOf(root, launch)).map(([name, value]) => choice(name, `parameter, ${value}`)),
    ...[...axesOf(root, launch)].map(([name, values]) =>
      choice(`matrix.${name}`, `axis: ${values.join(', ')}`),
    ),
    ...(path[2] === 'resume' ? [choice('checkpoint', 'the newest file that matches')] : []),
    choice('repeat', 'which of the repeats, from 1'),
    choice('trial', 'the name of this run among those of the matrix'),
  ];
  return place === 'env' ? [...varied, ...fetched] : varied;
}

/** Variables that text for a shell has from its launch. */
export function shellChoices(root: YamlNode, path: Path): ReferenceChoice[] {
  if (path[0] !== 'launches' || referencePlace(path) !== 'text') return [];
  const launch = String(path[1]);
  const params = Object.entries(parametersOf(root, launch)).map(([name, value]) =>
    choice(name, `parameter, ${value}`),
  );
  const axes = [...axesOf(root, launch)].map(([name, values]) => choice(name, `axis: ${values.join(', ')}`));
  const all = [
    ...params,
    ...axes,
    choice('repeat', 'which of the repeats'),
    choice('trial', 'name of this run'),
  ];
  return [...new Map(all.map((one) => [one.name, one])).values()].filter(({ name }) =>
    environmentNamePattern.test(name),
  );
}

function choice(name: string, detail: string): ReferenceChoice {
  return { name, detail };
}

/** What a name between braces stands for, in Markdown; undefined where it is literal text. */
export function referenceMeaning(root: YamlNode, path: Path, kind: string, name: string): string | undefined {
  const launch = String(path[1]);
  const value = parametersOf(root, launch)[name];
  const axis = axesOf(root, launch).get(name);
  const values = (list: readonly string[]): string => list.map(codeSpan).join(', ');
  const presets = Object.entries(presetsOf(root, launch)).flatMap(([preset, given]) =>
    given[name] === undefined ? [] : [`${codeSpan(preset)}: ${codeSpan(given[name])}`],
  );
  switch (kind) {
    case 'secret':
      return `The secret ${codeSpan(name)} that Rankwise keeps. It travels to the hosts at the start and stands in no file, plan or list of processes.`;
    case 'env':
      return `The variable ${codeSpan(name)} of this machine, read at the start. It stands in no file, plan or list of processes.`;
    case 'repeat':
      return 'Which of the repeats this run is, from 1.';
    case 'trial':
      return 'The name of this run among those of the matrix, such as `nodes-2-lr-0.1-r3`.';
    case 'matrix':
      return axis && `Axis ${codeSpan(name)} of the matrix: ${values(axis)}`;
    default:
      if (value === undefined) return undefined;
      return [
        `Parameter ${codeSpan(name)}, default ${codeSpan(value)}`,
        ...(axis === undefined ? [] : [`In the matrix: ${values(axis)}`]),
        ...(presets.length === 0 ? [] : [`In presets: ${presets.join(', ')}`]),
      ].join('\n\n');
  }
}

function presetsOf(root: YamlNode, launch: string): Record<string, Record<string, string>> {
  const path = ['launches', launch, 'presets'];
  return Object.fromEntries(keysAt(root, path).map((name) => [name, textEntries(root, [...path, name])]));
}
