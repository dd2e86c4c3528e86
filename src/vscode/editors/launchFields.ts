import * as z from 'zod';
import { childSchemas, schemasAt, shapeOf } from '../../config/schemaAt';
import type { Path } from '../../config/yamlPath';
import type { YamlNode } from '../../config/yamlTree';
import type { Reading } from '../../language/yamlEditsMeaning';
import type { Control, FieldValue } from '../../protocol/launches';

/** What the schema says of a key of `rankwise.yaml`, as a form needs it. */
export interface FieldSpec {
  help: string;
  placeholder: string;
  required: boolean;
  /** Undefined where no control can hold the value that the file has. */
  control: Control | undefined;
  choices: string[];
}

/** The keys that the mapping at a path may have, in the order of the schema. */
export function keysAt(path: Path): string[] {
  return schemasAt(path).flatMap(({ schema }) =>
    schema instanceof z.ZodObject ? [...shapeOf(schema).keys()] : [],
  );
}

/** True for a key whose value is a mapping with keys of its own. */
export function isGroup(path: Path): boolean {
  const places = schemasAt(path);
  return (
    places.length === 1 &&
    places.every(({ schema }) => schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever)
  );
}

/** @param node what the file has at the path */
export function fieldSpec(path: Path, node: YamlNode | undefined): FieldSpec {
  const places = schemasAt(path);
  const schemas = places.map(({ schema }) => schema);
  const choices = schemas.flatMap(choicesOf);
  const [first] = places;
  return {
    help: first?.description ?? '',
    placeholder: placeholderOf(first?.fallback, first?.examples ?? []),
    required: isRequired(path),
    control: controlOf(schemas, choices, node),
    choices,
  };
}

function controlOf(
  schemas: readonly z.ZodType[],
  choices: string[],
  node: YamlNode | undefined,
): Control | undefined {
  const scalars = schemas.filter(isScalarSchema);
  const lists = schemas.filter((schema) => schema instanceof z.ZodArray);
  const items = lists.flatMap((schema) => childSchemas(schema, 0));
  const isFilled = node !== undefined && !(node.kind === 'scalar' && node.missing);
  if (isFilled && node.kind === 'list') {
    const isPlain = node.items.every(isOneLine);
    return isPlain && items.some(isScalarSchema) ? 'lines' : undefined;
  }
  if (isFilled && node.kind === 'map') {
    const isPlain = [...node.entries.values()].every(({ value }) => isOneLine(value));
    return isPlain && isPairs(schemas) ? 'pairs' : undefined;
  }
  if (scalars.length === 0) {
    if (items.length > 0 && items.every(isScalarSchema)) return 'lines';
    return isPairs(schemas) ? 'pairs' : undefined;
  }
  if (choices.length > 0 && scalars.every((schema) => choicesOf(schema).length > 0)) return 'choice';
  if (scalars.every((schema) => schema instanceof z.ZodNumber)) return 'number';
  // Where a list may stand too, text has lines: commands and set-up.
  const hasLines = node?.kind === 'scalar' && /\n/.test(node.text);
  return hasLines || (lists.length > 0 && items.every(isScalarSchema)) ? 'long' : 'text';
}

function isOneLine(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value !== null && !/[\r\n]/.test(node.text);
}

function isPairs(schemas: readonly z.ZodType[]): boolean {
  return schemas.some(
    (schema) => schema instanceof z.ZodRecord && childSchemas(schema, 'x').every(isScalarSchema),
  );
}

function isScalarSchema(schema: z.ZodType): boolean {
  return (
    schema instanceof z.ZodString ||
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodBoolean ||
    schema instanceof z.ZodPipe ||
    schema instanceof z.ZodEnum ||
    schema instanceof z.ZodLiteral
  );
}

function choicesOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  return schema instanceof z.ZodBoolean ? ['true', 'false'] : [];
}

/** How a value is to be written so that the schema takes it: `8` as a number, `30` of a time as it stands. */
export function readingAt(path: Path, kind: FieldValue['kind']): Reading {
  const below = schemasAt(path).flatMap(({ schema }) => {
    if (kind === 'lines') return schema instanceof z.ZodArray ? childSchemas(schema, 0) : [];
    if (kind === 'pairs') return schema instanceof z.ZodRecord ? childSchemas(schema, 'x') : [];
    return isScalarSchema(schema) ? [schema] : [];
  });
  if (below.some((schema) => schema instanceof z.ZodPipe)) return 'literal';
  const isValue = (schema: z.ZodType): boolean =>
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodBoolean ||
    (schema instanceof z.ZodLiteral && [...schema.values].some((value) => typeof value !== 'string'));
  return below.some(isValue) ? 'value' : 'text';
}

function isRequired(path: Path): boolean {
  return schemasAt(path.slice(0, -1)).some(({ schema }) => {
    const own = schema instanceof z.ZodObject ? shapeOf(schema).get(String(path.at(-1))) : undefined;
    return own !== undefined && !own.safeParse(undefined).success;
  });
}

/** The default, else an example. */
function placeholderOf(fallback: unknown, examples: readonly unknown[]): string {
  if (['string', 'number', 'boolean'].includes(typeof fallback)) return String(fallback);
  const [example] = examples;
  if (example === undefined || example === null) return '';
  return `e.g. ${Array.isArray(example) ? example.map(wordOf).join(' ') : wordOf(example)}`;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
