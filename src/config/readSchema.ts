import * as z from 'zod';
import { asWritten } from './asWritten';
import type { Problem } from './problem';
import { rankwiseSchema } from './schema';
import { schemasAt } from './schemaAt';
import { suggest } from './suggest';
import { keyRange, locate, valueRange, type Path } from './yamlPath';
import type { YamlNode } from './yamlTree';

/** A problem that knows which value of the file it is about. */
export interface PathProblem extends Problem {
  path: Path;
}

type Issue = z.core.$ZodIssue;

/** Reads a tree by the schema: its values where all of them fit, else what does not. */
export function readSchema(root: YamlNode): {
  data: z.infer<typeof rankwiseSchema> | undefined;
  problems: PathProblem[];
} {
  const result = rankwiseSchema.safeParse(asWritten(root, rankwiseSchema));
  if (result.success) return { data: result.data, problems: [] };
  return { data: undefined, problems: result.error.issues.flatMap((issue) => problemsOf(root, issue, [])) };
}

function problemsOf(root: YamlNode, issue: Issue, base: Path): PathProblem[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const value = (code: string, message: string): PathProblem[] => [
    { code, severity: 'error', message, range: valueRange(root, path), path },
  ];
  const name = nameOf(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(root, path, key));
    case 'invalid_union': {
      const branches = issue.errors.filter((errors) => !errors.some(isWrongKind));
      const [branch, ...others] =
        branches.length < 2 ? branches : branches.filter((errors) => !errors.some(isChoice));
      if (branch !== undefined && others.length === 0)
        return branch.flatMap((inner) => problemsOf(root, inner, path));
      const kinds = issue.errors
        .flat()
        .flatMap((inner) => (isWrongKind(inner) ? [kindNames[inner.expected] ?? ''] : []));
      return wrongKind(root, path, [...new Set(kinds)].join(' or '));
    }
    case 'invalid_type':
      return wrongKind(root, path, kindNames[issue.expected] ?? issue.expected);
    case 'invalid_key': {
      const message = `\`${String(path.at(-1))}\` ${issue.issues[0]?.message ?? 'is not allowed here.'}`;
      return [
        { code: 'rankwise.invalidName', severity: 'error', message, range: keyRange(root, path), path },
      ];
    }
    case 'invalid_value':
      return invalidChoice(root, path, issue.values.map(String));
    case 'too_small':
      if (issue.origin === 'array')
        return value('rankwise.invalidValue', `${name} must have at least one element.`);
      return value('rankwise.invalidValue', `${name} must be at least ${String(issue.minimum)}.`);
    case 'too_big':
      if (issue.origin === 'string')
        return value(
          'rankwise.invalidValue',
          `${name} must have at most ${String(issue.maximum)} characters.`,
        );
      return value('rankwise.invalidValue', `${name} must be at most ${String(issue.maximum)}.`);
    case 'invalid_format':
      return value('rankwise.invalidValue', `${name} ${issue.message}`);
    case 'custom':
    case 'invalid_element':
    case 'not_multiple_of':
      return value('rankwise.invalidValue', `${name}: ${issue.message}.`);
  }
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of `key: value`',
  record: 'a mapping of `key: value`',
};

function isWrongKind(issue: Issue): issue is z.core.$ZodIssueInvalidType {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

/** Not one of a few words, where something else may stand as well. */
function isChoice(issue: Issue): boolean {
  return issue.code === 'invalid_value' && issue.path.length === 0;
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'The file' : `\`${path.map(String).join('.')}\``;
}

function wrongKind(root: YamlNode, path: Path, expected: string): PathProblem[] {
  const { node, complete } = locate(root, path);
  const range = valueRange(root, path);
  const name = nameOf(path);
  if (!complete) return missingKey(root, path);
  if (node.kind === 'scalar' && node.missing) {
    const message = `${name} has no value. Give it ${expected}, or delete the key.`;
    return [{ code: 'rankwise.missingValue', severity: 'error', message, range, path }];
  }
  const quotes =
    expected === 'text' && node.kind === 'scalar' && node.value !== null ? ' Put it in quotes.' : '';
  const message = `${name} must be ${expected}, not ${kindOf(node)}.${quotes}`;
  return [{ code: 'rankwise.wrongType', severity: 'error', message, range, path }];
}

function kindOf(node: YamlNode): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'null';
  return typeof node.value === 'string' ? 'text' : `the ${typeof node.value} ${node.text}`;
}

function missingKey(root: YamlNode, path: Path): PathProblem[] {
  const key = String(path.at(-1));
  const description = schemasAt(path)[0]?.description;
  const what = path.length === 1 ? 'This file' : nameOf(path.slice(0, -1));
  const add = path.length === 1 ? 'Add `version: 1` at the top' : `Add \`${key}:\``;
  const message = `${what} has no \`${key}\`. ${add}. ${description ?? ''}`.trimEnd();
  return [{ code: 'rankwise.missingKey', severity: 'error', message, range: valueRange(root, path), path }];
}

function unknownKey(root: YamlNode, parent: Path, key: string): PathProblem {
  const path = [...parent, key];
  const known = keysAt(parent);
  const near = suggest(key, known);
  const next =
    placeElsewhere(parent, key, known) ??
    (near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean \`${near}\`?`);
  const message = `Unknown key \`${key}\`. ${next}`;
  return { code: 'rankwise.unknownKey', severity: 'error', message, range: keyRange(root, path), path };
}

/** Where a key belongs that stands one level too deep, or too high and there is one place only. */
function placeElsewhere(parent: Path, key: string, siblings: readonly string[]): string | undefined {
  const above = parent.slice(0, -1);
  if (parent.length > 1 && keysAt(above).includes(key)) {
    return `It belongs one level higher, beside \`${String(parent.at(-1))}:\`.`;
  }
  const [below, ...others] = siblings.filter((sibling) => keysAt([...parent, sibling]).includes(key));
  return below === undefined || others.length > 0 ? undefined : `It belongs below \`${below}:\`.`;
}

function keysAt(path: Path): string[] {
  return schemasAt(path).flatMap(({ schema }) =>
    schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
  );
}

function invalidChoice(root: YamlNode, path: Path, choices: string[]): PathProblem[] {
  const { node, complete } = locate(root, path);
  const range = valueRange(root, path);
  const name = nameOf(path);
  if (!complete) return missingKey(root, path);
  if (node.kind === 'scalar' && node.missing) return wrongKind(root, path, choices.join(' or '));
  const written = node.kind === 'scalar' ? node.text : kindOf(node);
  const near = suggest(written, choices);
  const next = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  const all = choices.length > 3 ? `one of ${choices.join(', ')}` : choices.join(' or ');
  const message = `${name} must be ${all}, not ${written}.${next}`;
  return [{ code: 'rankwise.invalidValue', severity: 'error', message, range, path }];
}
