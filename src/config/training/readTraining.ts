import {
  parseTree,
  printParseErrorCode,
  visit,
  type Node,
  type ParseError,
} from 'jsonc-parser/lib/esm/main.js';
import { refuseDeepJson } from './jsonDepth';
import { shapeOf, type TrainingShape } from './trainingKeys';

/** A value as the file has it. */
export interface JsonValue {
  type: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** Of a string, number or boolean. */
  value: string | number | boolean | null;
  /** As it is written. */
  text: string;
  start: number;
  end: number;
  /** Of a list. */
  items: JsonValue[];
}

/** A key at the top of the file. */
export interface TrainingEntry {
  key: string;
  /** With the quotes. */
  keyStart: number;
  keyEnd: number;
  /** Undefined where the value is missing or cannot be read. */
  value: JsonValue | undefined;
}

/** What no reader of JSON, or of JSON with comments, can take. */
export interface JsonFault {
  kind: 'symbol' | 'string' | 'comment' | 'number' | 'escape' | 'character' | 'expected' | 'depth' | 'empty';
  /** What stands at the place; empty at the end of the file. */
  text: string;
  /** What belongs there, in words; empty where `kind` says all. */
  expected: string;
  start: number;
  end: number;
}

/** A training configuration with the places of all that is known of it. */
export interface TrainingDocument {
  /** False where the file is no mapping. */
  isObject: boolean;
  root: { start: number; end: number } | undefined;
  /** In the order of the file, doubles included. */
  entries: TrainingEntry[];
  /** The last value of each key, which is the one that counts. */
  byKey: ReadonlyMap<string, TrainingEntry>;
  shape: TrainingShape | undefined;
  faults: JsonFault[];
  /** Offsets of commas with nothing behind them. */
  trailingCommas: number[];
  byteOrderMark: boolean;
}

/** Reads JSON with comments and trailing commas, as VS Code's own `jsonc`. Never throws. */
export function readTraining(text: string): TrainingDocument {
  const byteOrderMark = text.startsWith('\uFEFF');
  // The mark becomes a blank, so that all offsets stay.
  const json = byteOrderMark ? ` ${text.slice(1)}` : text;
  const errors: ParseError[] = [];
  try {
    refuseDeepJson(json);
    const root = parseTree(json, errors, { allowTrailingComma: true });
    const entries =
      root?.type === 'object' ? (root.children ?? []).flatMap((node) => entryOf(node, json)) : [];
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    return {
      isObject: root?.type === 'object',
      root: root && { start: root.offset, end: root.offset + root.length },
      entries,
      byKey,
      shape: shapeOf(byKey.keys()),
      faults: root === undefined ? emptyFault(json, errors) : faultsOf(json, errors),
      trailingCommas: trailingCommas(json),
      byteOrderMark,
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const start = json.search(/[[{]/);
    return {
      isObject: false,
      root: undefined,
      entries: [],
      byKey: new Map(),
      shape: undefined,
      faults: [{ kind: 'depth', text: '', expected: '', start, end: start + 1 }],
      trailingCommas: [],
      byteOrderMark,
    };
  }
}

function entryOf(property: Node, text: string): TrainingEntry[] {
  const [key, value] = property.children ?? [];
  if (key === undefined) return [];
  return [
    {
      key: String(key.value),
      keyStart: key.offset,
      keyEnd: key.offset + key.length,
      value: value && valueOf(value, text),
    },
  ];
}

/** What is in the elements of a list is nobody's business here. */
function valueOf(node: Node, text: string, depth = 0): JsonValue {
  const { offset, length, type } = node;
  return {
    type: type === 'property' ? 'null' : type,
    value: node.value as JsonValue['value'],
    text: text.slice(offset, offset + length),
    start: offset,
    end: offset + length,
    items: type === 'array' && depth === 0 ? (node.children ?? []).map((item) => valueOf(item, text, 1)) : [],
  };
}

function emptyFault(text: string, errors: readonly ParseError[]): JsonFault[] {
  const faults = faultsOf(text, errors).filter(({ kind }) => kind !== 'expected');
  if (faults.length > 0) return faults;
  return [{ kind: 'empty', text: '', expected: '', start: 0, end: Math.min(1, text.length) }];
}

/** The first fault of each line: what follows on the line is mostly a consequence. */
function faultsOf(text: string, errors: readonly ParseError[]): JsonFault[] {
  const faults: JsonFault[] = [];
  let lineEnd = -1;
  for (const [index, error] of errors.entries()) {
    if (error.offset <= lineEnd) continue;
    const fault = faultOf(text, error);
    // The parser passes over a symbol, and then misses something where the next one stands, maybe lines below.
    const before = errors[index - 1];
    if (fault.kind === 'expected' && before !== undefined && faultOf(text, before).kind === 'symbol')
      continue;
    faults.push(fault);
    // A string without its end turns what is inside out, up to the end of the file.
    if (fault.kind === 'string' || fault.kind === 'comment') break;
    const next = text.slice(fault.start).search(/[\r\n]/);
    if (next < 0) break;
    lineEnd = fault.start + next;
  }
  return faults;
}

const kinds: Readonly<Record<string, JsonFault['kind']>> = {
  InvalidSymbol: 'symbol',
  InvalidNumberFormat: 'number',
  UnexpectedEndOfNumber: 'number',
  UnexpectedEndOfString: 'string',
  UnexpectedEndOfComment: 'comment',
  InvalidCommentToken: 'comment',
  InvalidUnicode: 'escape',
  InvalidEscapeCharacter: 'escape',
  InvalidCharacter: 'character',
};

const expectations: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes',
  ValueExpected: 'a value',
  ColonExpected: '`:`',
  CommaExpected: '`,`',
  CloseBraceExpected: '`}`',
  CloseBracketExpected: '`]`',
  EndOfFileExpected: 'the end of the file',
};

function faultOf(text: string, { error, offset, length }: ParseError): JsonFault {
  const name = printParseErrorCode(error);
  const start = Math.min(offset, text.length);
  const end = Math.min(offset + length, text.length);
  // An unclosed string or comment may reach far: its beginning is the place to look at.
  const stop = text.slice(start, end).search(/[\r\n]/);
  return {
    kind: kinds[name] ?? 'expected',
    text: text.slice(start, end),
    expected: expectations[name] ?? '',
    start,
    end: stop < 0 ? end : start + stop,
  };
}

function trailingCommas(text: string): number[] {
  const found: number[] = [];
  let comma: number | undefined;
  const other = (): void => {
    comma = undefined;
  };
  const close = (): void => {
    if (comma !== undefined) found.push(comma);
    comma = undefined;
  };
  visit(
    text,
    {
      onSeparator: (character, offset) => {
        comma = character === ',' ? offset : undefined;
      },
      onObjectBegin: other,
      onArrayBegin: other,
      onObjectProperty: other,
      onLiteralValue: other,
      onError: other,
      onObjectEnd: close,
      onArrayEnd: close,
    },
    { allowTrailingComma: true },
  );
  return found;
}
