import * as z from 'zod';
import { rankwiseSchema } from './schema';
import type { Path } from './yamlPath';

/** What a place of the file means, whichever of its schemas a value has. */
export interface PlaceMeaning {
  description: string | undefined;
  /** Values as they are written. */
  examples: readonly unknown[];
  /** The value where the key is left out; undefined where there is none to show. */
  fallback: unknown;
}

/** One of the schemas that may stand at a place of the file. */
export interface SchemaPlace extends PlaceMeaning {
  schema: z.ZodType;
}

/** The schemas that may stand at a path: several where there is a choice, none where the path is unknown. */
export function schemasAt(path: Path): readonly SchemaPlace[] {
  let places = placesOf(rankwiseSchema);
  for (const step of path) places = places.flatMap(({ schema }) => children(schema, step).flatMap(placesOf));
  return places;
}

/** What a schema allows, its unions opened and what makes it optional taken off. Text as written stays a `ZodPipe`. */
export function openSchema(schema: z.ZodType): readonly z.ZodType[] {
  return placesOf(schema).map((place) => place.schema);
}

/** The opened schemas below a key or an index; none where the schema has nothing there. */
export function childSchemas(schema: z.ZodType, step: string | number): readonly z.ZodType[] {
  return children(schema, step).flatMap(openSchema);
}

function children(schema: z.ZodType, step: string | number): readonly z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const rest = schema.def.catchall as z.ZodType | undefined;
    const child = shapeOf(schema).get(String(step)) ?? (rest instanceof z.ZodNever ? undefined : rest);
    return child === undefined ? [] : [child];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodArray) return typeof step === 'number' ? [schema.element as z.ZodType] : [];
  return [];
}

/** Schemas never change, and they are asked for at every key of a file after every keystroke. */
const shapes = new WeakMap<z.ZodType, ReadonlyMap<string, z.ZodType>>();
const opened = new WeakMap<z.ZodType, readonly SchemaPlace[]>();

/** The keys of a mapping that its schema names. */
export function shapeOf(schema: z.ZodObject): ReadonlyMap<string, z.ZodType> {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const shape: unknown = schema.shape;
  const found = new Map(Object.entries(shape as Record<string, z.ZodType>));
  shapes.set(schema, found);
  return found;
}

function placesOf(schema: z.ZodType): readonly SchemaPlace[] {
  const known = opened.get(schema);
  if (known !== undefined) return known;
  const found = alternatives(schema, { description: undefined, examples: [], fallback: undefined });
  opened.set(schema, found);
  return found;
}

/** The outermost meaning holds. */
function alternatives(schema: z.ZodType, outer: PlaceMeaning): SchemaPlace[] {
  const meta = schema.meta();
  const meaning: PlaceMeaning = {
    description: outer.description ?? meta?.description,
    examples: outer.examples.length > 0 || !Array.isArray(meta?.examples) ? outer.examples : meta.examples,
    fallback: outer.fallback ?? (schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined),
  };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return alternatives(schema.unwrap() as z.ZodType, meaning);
  }
  if (schema instanceof z.ZodUnion) {
    return (schema.options as z.ZodType[]).flatMap((option) => alternatives(option, meaning));
  }
  return [{ ...meaning, schema }];
}
