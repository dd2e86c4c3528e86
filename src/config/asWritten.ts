import * as z from 'zod';
import { childSchemas, openSchema } from './schemaAt';
import { toPlain } from './yamlPath';
import type { YamlNode } from './yamlTree';

/**
 * A tree as plain values for its schema. Where the schema takes a value as text, numbers and truth values keep the form
 * they are written in: `1.10`, `0x1F`, `True`.
 */
export function asWritten(node: YamlNode, schema: z.ZodType): unknown {
  return plain(node, openSchema(schema));
}

function plain(node: YamlNode, schemas: readonly z.ZodType[]): unknown {
  switch (node.kind) {
    case 'scalar': {
      const isText = schemas.some((schema) => schema instanceof z.ZodPipe);
      return isText && node.value !== null ? node.text : node.value;
    }
    case 'list': {
      const below = schemas.flatMap((schema) => childSchemas(schema, 0));
      return below.length === 0 ? toPlain(node) : node.items.map((item) => plain(item, below));
    }
    case 'map': {
      const result = Object.create(null) as Record<string, unknown>;
      for (const [key, { value }] of node.entries) {
        const below = schemas.flatMap((schema) => childSchemas(schema, key));
        result[key] = below.length === 0 ? toPlain(value) : plain(value, below);
      }
      return result;
    }
  }
}
