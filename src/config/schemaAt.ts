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
  for (const step of path) places = places.flatMap(({ schema }) => childrenOf(schema, String(step)));
  return places;
}

function childrenOf(schema: z.ZodType, key: string): SchemaPlace[] {
  if (schema instanceof z.ZodObject) {
    const shape: unknown = schema.shape;
    const child = new Map(Object.entries(shape as Record<string, z.ZodType>)).get(key);
    return child === undefined ? [] : alternatives(child, undefined);
  }
  if (schema instanceof z.ZodRecord) return alternatives(schema.valueType as z.ZodType, undefined);
  if (schema instanceof z.ZodArray) return alternatives(schema.element as z.ZodType, undefined);
  return [];
}

/** Takes off what makes a schema optional and opens unions; the outermost description holds. */
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
