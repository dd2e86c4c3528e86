import * as z from 'zod';
import { schemasAt } from '../config/schemaAt';
import type { Path } from '../config/yamlPath';
import { codeSpan } from './markdown';
import { scalarText } from './rankwiseScalar';

/** What a key means, in Markdown: its kind of value, description, default and examples. Undefined for one that is not known. */
export function meaningOf(path: Path): string | undefined {
  const places = schemasAt(path);
  const [first] = places;
  if (first === undefined) return undefined;
  const kinds = kindsOf(path);
  const lines = [`**${codeSpan(String(path.at(-1)))}**: ${kinds}`];
  if (first.description !== undefined) lines.push(first.description);
  const fallback = shown(first.fallback);
  if (fallback !== undefined) lines.push(`Default: ${codeSpan(fallback)}`);
  // The words of a choice are told already.
  const examples = first.examples
    .map(shown)
    .filter((example): example is string => example !== undefined && !kinds.includes(codeSpan(example)));
  if (examples.length > 0) {
    lines.push(`${examples.length > 1 ? 'Examples' : 'Example'}: ${examples.map(codeSpan).join(', ')}`);
  }
  return lines.join('\n\n');
}

/** The kinds of value that may stand at a path, in a few words. */
export function kindsOf(path: Path): string {
  const kinds = schemasAt(path).flatMap(({ schema }) => kindOf(schema));
  return [...new Set(kinds)].join(' or ');
}

function kindOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => codeSpan(String(option)));
  if (schema instanceof z.ZodLiteral) return [...schema.values].map((value) => codeSpan(String(value)));
  if (schema instanceof z.ZodNumber) {
    const { minValue, maxValue } = schema;
    const isBounded = minValue !== null && maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER;
    return [isBounded ? `whole number, ${minValue}–${maxValue}` : 'number'];
  }
  if (schema instanceof z.ZodBoolean) return ['`true`', '`false`'];
  if (schema instanceof z.ZodArray) return ['list'];
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return ['mapping'];
  return ['text'];
}

/** A value on one line of YAML; undefined where there is nothing to show. */
function shown(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : `[${value.map((item) => shown(item) ?? '[]').join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${scalarText(key)}: ${shown(item) ?? '{}'}`);
    return entries.length === 0 ? undefined : `{ ${entries.join(', ')} }`;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return scalarText(value);
  return undefined;
}
