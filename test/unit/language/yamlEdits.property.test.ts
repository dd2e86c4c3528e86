import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyEdits } from '../../../src/language/applyEdits';
import { setValue } from '../../../src/language/yamlEdits';
import type { EditValue } from '../../../src/language/yamlEditsMeaning';

/*
 * Random files whose every value is known with its lines, and random edits of them. What the result means is read by the
 * YAML library alone.
 */

interface Field {
  path: string[];
  value: unknown;
  /** First and last line of it in the file. */
  from: number;
  to: number;
  /** In `{ }`: other fields are on its line. */
  flow: boolean;
  /** The only one of its mapping, which stands at this line. */
  alone: number | undefined;
}

interface File {
  text: string;
  fields: Field[];
  entries: { path: string[]; flow: boolean }[];
}

const word = fc.constantFrom(
  'a',
  'train.py',
  'b c',
  'x: y',
  '# z',
  "it's",
  '"q"',
  '8',
  'true',
  '~',
  'é',
  '- d',
  '{e',
  '',
);
const plainWord = fc.constantFrom('alpha', 'train.py', 'data/', 'node-1', 'a b');
interface Written {
  value: unknown;
  written: string;
}

const styled: fc.Arbitrary<Written> = fc
  .tuple(word, fc.constantFrom('plain', 'single', 'double'))
  .chain(([value, style]): fc.Arbitrary<Written> => {
    if (style === 'plain') return plainWord.map((plain) => ({ value: plain, written: plain }));
    const quoted = style === 'single' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
    return fc.constant({ value, written: quoted });
  });
const number: fc.Arbitrary<Written> = fc
  .integer({ min: 0, max: 99 })
  .map((value) => ({ value, written: String(value) }));
const scalar: fc.Arbitrary<Written> = fc.oneof(styled, number);
const flowList: fc.Arbitrary<Written> = fc.array(styled, { minLength: 1, maxLength: 4 }).map((items) => ({
  value: items.map(({ value }) => value),
  written: `[${items.map(({ written }) => written).join(', ')}]`,
}));

type Part =
  | { kind: 'line'; key: string; value: unknown; written: string; comment: string }
  | {
      kind: 'list';
      key: string;
      items: { value: unknown; written: string; comment: string; above: string }[];
    }
  | { kind: 'block'; key: string; lines: string[]; header: string }
  | { kind: 'group'; key: string; comment: string; parts: Part[] };

const comment = fc.constantFrom('', '', ' # note', '   # "two"');
const lineOf = (key: string): fc.Arbitrary<Part> =>
  fc
    .tuple(fc.oneof(scalar, scalar, flowList), comment)
    .map(([{ value, written }, note]) => ({ kind: 'line', key, value, written, comment: note }));
const listOf = (key: string): fc.Arbitrary<Part> =>
  fc
    .array(
      fc
        .tuple(styled, comment, fc.constantFrom('', '', '# above'))
        .map(([item, note, above]) => ({ ...item, comment: note, above })),
      { minLength: 1, maxLength: 4 },
    )
    .map((items) => ({ kind: 'list', key, items }));
const blockOf = (key: string): fc.Arbitrary<Part> =>
  fc
    .tuple(
      fc.array(fc.constantFrom('one', 'two # no comment', 'three: 3'), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('|', '|-', '| # header'),
    )
    .map(([lines, header]) => ({ kind: 'block', key, lines, header }));
const partOf = (key: string): fc.Arbitrary<Part> =>
  fc.oneof({ weight: 3, arbitrary: lineOf(key) }, listOf(key), blockOf(key));
const groupOf = (key: string): fc.Arbitrary<Part> =>
  fc
    .tuple(
      comment,
      fc.subarray(['u', 'v', 'w'], { minLength: 1 }).chain((keys) => fc.tuple(...keys.map(partOf))),
    )
    .map(([note, parts]) => ({ kind: 'group', key, comment: note, parts }));

const entry = fc
  .subarray(['cluster', 'np', 'command', 'files', 'mpirun', 'slurm'], { minLength: 1 })
  .chain((keys) =>
    fc.tuple(...keys.map((key) => (key === 'mpirun' || key === 'slurm' ? groupOf(key) : partOf(key)))),
  );
const flowEntry = fc
  .subarray(['cluster', 'np', 'command'], { minLength: 1 })
  .chain((keys) =>
    fc.tuple(...keys.map((key) => fc.oneof(scalar, flowList).map((one) => ({ key, ...one })))),
  );

const file: fc.Arbitrary<File> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: entry }, flowEntry), { minLength: 1, maxLength: 4 }),
    fc.constantFrom(2, 4),
    fc.constantFrom('\n', '\r\n'),
    fc.array(fc.constantFrom('', '', '# between', '  # odd'), { minLength: 12, maxLength: 12 }),
    fc.boolean(),
  )
  .map(([entries, step, newline, between, lastBreak]) => {
    const lines = ['# top', 'version: 1 # first', 'launches:'];
    const fields: Field[] = [];
    const known: File['entries'] = [];
    const pad = (depth: number) => ' '.repeat(depth * step);
    let gap = 0;
    const write = (part: Part, path: string[], depth: number, alone: number | undefined): void => {
      const from = lines.length;
      const at = [...path, part.key];
      const base = { path: at, from, flow: false, alone };
      switch (part.kind) {
        case 'line':
          lines.push(`${pad(depth)}${part.key}: ${part.written}${part.comment}`);
          fields.push({ ...base, value: part.value, to: from });
          return;
        case 'list':
          lines.push(`${pad(depth)}${part.key}:`);
          for (const { written, comment, above } of part.items) {
            if (above !== '') lines.push(`${pad(depth + 1)}${above}`);
            lines.push(`${pad(depth + 1)}- ${written}${comment}`);
          }
          fields.push({ ...base, value: part.items.map(({ value }) => value), to: lines.length - 1 });
          return;
        case 'block':
          lines.push(`${pad(depth)}${part.key}: ${part.header}`);
          lines.push(...part.lines.map((line) => pad(depth + 1) + line));
          fields.push({
            ...base,
            value: part.lines.join('\n') + (part.header === '|-' ? '' : '\n'),
            to: lines.length - 1,
          });
          return;
        case 'group':
          lines.push(`${pad(depth)}${part.key}:${part.comment}`);
          for (const below of part.parts)
            write(below, at, depth + 1, part.parts.length === 1 ? from : undefined);
      }
    };
    for (const [index, parts] of entries.entries()) {
      const above = between[gap++ % between.length] ?? '';
      if (above !== '') lines.push(above);
      const path = ['launches', `e${index}`];
      const isFlow = parts.every((part) => !('kind' in part));
      known.push({ path, flow: isFlow });
      if (isFlow) {
        const written = parts.map((part) => `${part.key}: ${'written' in part ? part.written : ''}`);
        const from = lines.push(`${pad(1)}e${index}: { ${written.join(', ')} } # flow`) - 1;
        for (const part of parts) {
          const value = 'value' in part ? part.value : undefined;
          fields.push({ path: [...path, part.key], value, from, to: from, flow: true, alone: undefined });
        }
      } else {
        lines.push(`${pad(1)}e${index}:`);
        for (const part of parts) if ('kind' in part) write(part, path, 2, undefined);
      }
    }
    return { text: lines.join(newline) + (lastBreak ? newline : ''), fields, entries: known };
  });

const newText = fc.oneof(
  word,
  plainWord,
  fc.constantFrom('a\nb', 'a\n\nb\n', '\tx', ' lead', 'a, b]', 'c:\\d'),
);
const editValue: fc.Arbitrary<EditValue> = fc.oneof(
  newText.map((text): EditValue => ({ kind: 'scalar', text, reading: 'text' })),
  fc
    .integer({ min: 0, max: 999 })
    .map((n): EditValue => ({ kind: 'scalar', text: String(n), reading: 'value' })),
  fc
    .array(fc.oneof(word, plainWord), { minLength: 1, maxLength: 5 })
    .map((items): EditValue => ({ kind: 'list', items, reading: 'text' })),
);

const meant = (value: EditValue): unknown => {
  if (value.kind === 'list') return value.items;
  if (value.kind === 'map') return Object.fromEntries(value.entries);
  return value.reading === 'value' ? Number(value.text) : value.text;
};

/** The file's meaning with a value set, or taken out with what it leaves empty. */
function expected(text: string, path: string[], value: EditValue | undefined): unknown {
  const root = parse(text) as Record<string, unknown>;
  const parents = [root];
  for (const key of path.slice(0, -1)) {
    const parent = parents.at(-1) ?? {};
    parent[key] ??= {};
    parents.push(parent[key] as Record<string, unknown>);
  }
  const last = path.at(-1) ?? '';
  if (value !== undefined) (parents.at(-1) ?? {})[last] = meant(value);
  else {
    for (let depth = path.length - 1; depth >= 0; depth--) {
      const parent = parents[depth] ?? {};
      Reflect.deleteProperty(parent, path[depth] ?? '');
      if (Object.keys(parent).length > 0 || depth === 2) break;
    }
  }
  return root;
}

const withBreaks = (text: string): string[] => text.split(/(?<=\n)/);

/** The edits that take a change back. */
function undo(
  text: string,
  made: string,
  edits: readonly { start: number; end: number; text: string }[],
): string {
  let shift = 0;
  const back = [...edits]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text: put }) => {
      const edit = { start: start + shift, end: start + shift + put.length, text: text.slice(start, end) };
      shift += put.length - (end - start);
      return edit;
    });
  return applyEdits(made, back);
}

describe('edits of random files', () => {
  it('of a value that is there: mean exactly that, and leave all other lines as they are', () => {
    fc.assert(
      fc.property(
        file,
        fc.nat(),
        fc.option(editValue, { nil: undefined }),
        ({ text, fields }, pick, value) => {
          const field = fields[pick % fields.length]!;
          const edits = setValue(text, field.path, value);
          if (edits === undefined) {
            // Only comments between a list and the text that takes its place are in the way.
            const isList = Array.isArray(field.value);
            expect(value !== undefined && isList !== (value.kind === 'list')).toBe(true);
            return;
          }
          const made = applyEdits(text, edits);
          expect(parse(made)).toEqual(expected(text, field.path, value));
          const isRemoved = value === undefined;
          const lines = withBreaks(text);
          const isLastField = fields.filter(({ path }) => path[1] === field.path[1]).length === 1;
          const from = isRemoved ? (isLastField ? field.from - 2 : (field.alone ?? field.from)) : field.from;
          const before = lines.slice(0, Math.max(0, from)).join('');
          const behind = lines.slice(field.to + 1).join('');
          const untouched = isRemoved && behind === '' ? before.trimEnd() : before;
          expect(made.startsWith(untouched)).toBe(true);
          expect(made.endsWith(behind)).toBe(true);
          expect(undo(text, made, edits)).toBe(text);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('of a value that is new: only put in, at the end of its launch', () => {
    fc.assert(
      fc.property(
        file,
        fc.nat(),
        fc.constantFrom(['new'], ['mpirun', 'new'], ['other', 'new']),
        editValue,
        ({ text, entries }, pick, below, value) => {
          const { path: entryPath } = entries[pick % entries.length]!;
          const path = [...entryPath, ...below];
          const edits = setValue(text, path, value);
          expect(edits).toBeDefined();
          const made = applyEdits(text, edits!);
          expect(parse(made)).toEqual(expected(text, path, value));
          expect(edits!.every(({ start, end }) => start === end)).toBe(true);
          expect(made.includes('\r\n') && /[^\r]\n/.test(made)).toBe(false);
          expect(undo(text, made, edits!)).toBe(text);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('one after the other: comments outside what changed are all there at the end', () => {
    fc.assert(
      fc.property(
        file,
        fc.array(fc.tuple(fc.nat(), newText), { maxLength: 8 }),
        ({ text, fields }, steps) => {
          const scalars = fields.filter(
            ({ value }) => typeof value === 'string' || typeof value === 'number',
          );
          if (scalars.length === 0) return;
          let made = text;
          for (const [pick, put] of steps) {
            const value: EditValue = { kind: 'scalar', text: put, reading: 'text' };
            made = applyEdits(made, setValue(made, scalars[pick % scalars.length]!.path, value) ?? []);
          }
          const comments = (one: string): number =>
            one.match(/# (?:top|first|between|odd|above|flow|header|note|"two")/g)?.length ?? 0;
          expect(comments(made)).toBe(comments(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throw on any text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.constantFrom('launches', 'a', 'b', '0')),
        editValue,
        (text, path, value) => {
          setValue(text, path, value);
          setValue(text, path, undefined);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
