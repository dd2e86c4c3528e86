import * as z from 'zod';
import { resourceNames } from '../config/argumentLists';
import { isLauncher, keysWithoutEffect } from '../config/checks/launchChecks';
import { schemasAt, shapeOf } from '../config/schemaAt';
import type { Path } from '../config/yamlPath';
import type { YamlNode } from '../config/yamlTree';
import { knownVariables } from './knownVariables';
import { kindsOf, meaningOf } from './rankwiseMeaning';
import { axesOf, parametersOf, textAt } from './rankwiseTree';

/** A key that may stand in a mapping. */
export interface KeyChoice {
  key: string;
  detail?: string;
  documentation?: string;
  /** How its value begins. */
  value: 'scalar' | 'list' | 'mapping';
}

/** The keys of the mapping at a path: required ones first, without those that have no effect with the launcher. */
export function keyChoices(root: YamlNode, path: Path): KeyChoice[] {
  const idle = path[0] === 'launches' && path.length === 2 ? idleKeys(root, path) : [];
  const named = schemasAt(path).flatMap(({ schema }) =>
    schema instanceof z.ZodObject ? [...shapeOf(schema)] : [],
  );
  const required = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success;
  const sorted = [
    ...named.filter(([, schema]) => required(schema)),
    ...named.filter(([, schema]) => !required(schema)),
  ];
  const fixed = [...new Set(sorted.map(([key]) => key))].filter((key) => !idle.includes(key));
  return [...fixed.map((key) => keyChoice([...path, key])), ...freeKeys(root, path)];
}

function idleKeys(root: YamlNode, launch: Path): string[] {
  const launcher = textAt(root, [...launch, 'launcher']);
  return isLauncher(launcher) ? keysWithoutEffect(launcher) : [];
}

function keyChoice(path: Path): KeyChoice {
  const schemas = schemasAt(path).map(({ schema }) => schema);
  const documentation = meaningOf(path);
  const isMap = (schema: z.ZodType): boolean =>
    schema instanceof z.ZodObject || schema instanceof z.ZodRecord;
  return {
    key: String(path.at(-1)),
    detail: kindsOf(path).replaceAll('`', ''),
    ...(documentation !== undefined && { documentation }),
    value: schemas.every(isMap)
      ? 'mapping'
      : schemas.every((schema) => schema instanceof z.ZodArray)
        ? 'list'
        : 'scalar',
  };
}

/** Names that a mapping takes beside the keys of the schema: parameters, resources, variables. */
function freeKeys(root: YamlNode, path: Path): KeyChoice[] {
  const [section, launch, key, ...below] = path;
  if (key === 'env' && path.length === 3) {
    return Object.entries(knownVariables).map(([name, documentation]) => ({
      key: name,
      detail: 'variable',
      documentation,
      value: 'scalar',
    }));
  }
  if (section !== 'launches') return [];
  const parameters = Object.entries(parametersOf(root, String(launch))).map(([name, value]) => ({
    key: name,
    detail: `parameter, ${value}`,
  }));
  const resources = resourceNames.map((name) => ({ key: name, detail: 'resource' }));
  const isAxes = key === 'matrix' && below.length === 0;
  const isPreset = key === 'presets' && below.length === 1;
  const isIncluded = key === 'matrix' && below[0] === 'include' && below.length === 2;
  if (isAxes || isPreset || isIncluded) {
    return [...parameters, ...resources].map((choice) => ({ ...choice, value: isAxes ? 'list' : 'scalar' }));
  }
  if (key !== 'matrix' || below[0] !== 'exclude' || below.length !== 2) return [];
  return [...axesOf(root, String(launch))].map(([name, values]) => ({
    key: name,
    detail: `axis: ${values.join(', ')}`,
    value: 'scalar',
  }));
}
