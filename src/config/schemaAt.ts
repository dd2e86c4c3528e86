import * as z from 'zod';
import { rankwiseSchema } from './schema';
import type { Path } from './yamlPath';

/** One of the schemas that may stand at a place of the file, and what the place means. */
export interface SchemaPlace {
  schema: z.ZodType;
  description: string | undefined;
}

/** The schemas that may stand at a path: several where there is a choice, none where the path is unknown. */
export function schemasAt(path: Path): SchemaPlace[] {
  let places = alternatives(rankwiseSchema, undefined);
  for (const step of path) {
    places = places.flatMap(({ schema }) =>
      children(schema, step).flatMap((child) => alternatives(child, undefined)),
    );
  }
  return places;
}

/** What a schema allows, its unions opened and what makes it optional taken off. Text as written stays a `ZodPipe`. */
export function openSchema(schema: z.ZodType): z.ZodType[] {
  return alternatives(schema, undefined).map((place) => place.schema);
}

/** The opened schemas below a key or an index; none where the schema has nothing there. */
export function childSchemas(schema: z.ZodType, step: string | number): z.ZodType[] {
  return children(schema, step).flatMap(openSchema);
}

function children(schema: z.ZodType, step: string | number): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const shape: unknown = schema.shape;
    const shapes = new Map(Object.entries(shape as Record<string, z.ZodType>));
    const rest = schema.def.catchall as z.ZodType | undefined;
    const child = shapes.get(String(step)) ?? (rest instanceof z.ZodNever ? undefined : rest);
    return child === undefined ? [] : [child];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodArray) return typeof step === 'number' ? [schema.element as z.ZodType] : [];
  return [];
}

/** The outermost description holds. */
function alternatives(schema: z.ZodType, outer: string | undefined): SchemaPlace[] {
  const description = outer ?? schema.meta()?.description;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return alternatives(schema.unwrap() as z.ZodType, description);
  }
  if (schema instanceof z.ZodUnion) {
    return (schema.options as z.ZodType[]).flatMap((option) => alternatives(option, description));
  }
  return [{ schema, description }];
}
