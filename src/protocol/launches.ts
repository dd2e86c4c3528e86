/** What the pages of the launch editor and of the training editor show and change: a file as forms. */
import { editorToExtension, editorToPage, type TextPlace } from './editor';
import { isBoolean, isNumber, isString, listOf, nullOr, oneOf, shape, type Guard } from './guard';

export const sections = ['clusters', 'launches'] as const;
export type Section = (typeof sections)[number];

/** `long`: text of several lines. `lines`: a list, one element each. `pairs`: names with values. */
export const controls = ['text', 'number', 'choice', 'long', 'lines', 'pairs'] as const;
export type Control = (typeof controls)[number];

export const severities = ['error', 'warning', 'information', 'hint'] as const;

/** A finding, worded as everywhere. */
export interface FormProblem {
  code: string;
  severity: (typeof severities)[number];
  message: string;
  at: TextPlace;
}

export interface Pair {
  name: string;
  value: string;
}

export interface Field {
  /** Steps from the top of the file. */
  path: string[];
  label: string;
  /** What it means; code in backquotes. */
  help: string;
  control: Control;
  /** As it is shown in one piece; of a list its lines. */
  value: string;
  pairs: Pair[];
  choices: string[];
  /** What holds where nothing is written, or an example. */
  placeholder: string;
  required: boolean;
  /** Whether the file has it. */
  isSet: boolean;
  /** Why it cannot be changed here; null: it can. */
  locked: string | null;
  /** Where it stands, or where it would. */
  at: TextPlace;
  problems: FormProblem[];
}

/** Fields that belong together; `isOpen`: worth showing before anybody asks. */
export interface FieldGroup {
  name: string;
  title: string;
  help: string;
  isOpen: boolean;
  fields: Field[];
}

/** A cluster or launch in the list. */
export interface EntryRow {
  section: Section;
  name: string;
  detail: string;
  errors: number;
  warnings: number;
}

export interface Form {
  /** What it is of; null: of the whole file. */
  entry: { section: Section; name: string } | null;
  at: TextPlace;
  groups: FieldGroup[];
  /** Those that belong to no field. */
  problems: FormProblem[];
}

/** A number that follows from what the file says. */
export interface Total {
  label: string;
  value: string;
  detail: string;
}

export interface FormState {
  /** `entries`: clusters and launches. `file`: one form. */
  kind: 'entries' | 'file';
  /** Why the text cannot be shown as forms; empty where it can. */
  broken: FormProblem[];
  /** Of the whole file. */
  problems: FormProblem[];
  entries: EntryRow[];
  form: Form | null;
  totals: Total[];
}

/** Nothing (`null`) takes the key out of the file. */
export type FieldValue =
  { kind: 'text'; text: string } | { kind: 'lines'; lines: string[] } | { kind: 'pairs'; pairs: Pair[] };

export type FormEdit =
  | { kind: 'set'; path: string[]; value: FieldValue | null }
  | { kind: 'add'; section: Section; name: string }
  | { kind: 'duplicate'; section: Section; name: string; newName: string }
  | { kind: 'rename'; section: Section; name: string; newName: string }
  | { kind: 'remove'; section: Section; name: string };

/** Shows another entry. */
export type FormAsk = { kind: 'select'; section: Section; name: string };

const isPlace = shape<TextPlace>({ line: isNumber, character: isNumber });
const isSection = oneOf(sections);
const isProblem = shape<FormProblem>({
  code: isString,
  severity: oneOf(severities),
  message: isString,
  at: isPlace,
});
const isPair = shape<Pair>({ name: isString, value: isString });
const isField = shape<Field>({
  path: listOf(isString),
  label: isString,
  help: isString,
  control: oneOf(controls),
  value: isString,
  pairs: listOf(isPair),
  choices: listOf(isString),
  placeholder: isString,
  required: isBoolean,
  isSet: isBoolean,
  locked: nullOr(isString),
  at: isPlace,
  problems: listOf(isProblem),
});
const isGroup = shape<FieldGroup>({
  name: isString,
  title: isString,
  help: isString,
  isOpen: isBoolean,
  fields: listOf(isField),
});
const isRow = shape<EntryRow>({
  section: isSection,
  name: isString,
  detail: isString,
  errors: isNumber,
  warnings: isNumber,
});
/** Also the check of what an earlier page left behind in its saved state. */
export const isSelection = shape<{ section: Section; name: string }>({ section: isSection, name: isString });
const isForm = shape<Form>({
  entry: nullOr(isSelection),
  at: isPlace,
  groups: listOf(isGroup),
  problems: listOf(isProblem),
});
const isState = shape<FormState>({
  kind: oneOf(['entries', 'file']),
  broken: listOf(isProblem),
  problems: listOf(isProblem),
  entries: listOf(isRow),
  form: nullOr(isForm),
  totals: listOf(shape<Total>({ label: isString, value: isString, detail: isString })),
});

type OfKind<T extends { kind: string }, K extends T['kind']> = Omit<Extract<T, { kind: K }>, 'kind'>;
type KindTable<T extends { kind: string }> = { [K in T['kind']]: Guard<OfKind<T, K>> };

/** The check of a union told apart by `kind`. */
function oneKind<T extends { kind: string }>(table: KindTable<T>): Guard<T> {
  const isKind = shape<{ kind: string }>({ kind: isString });
  return (value): value is T => {
    if (!isKind(value) || !Object.hasOwn(table, value.kind)) return false;
    const guard: Guard<unknown> = table[value.kind as T['kind']];
    return guard(value);
  };
}

const isFieldValue = oneKind<FieldValue>({
  text: shape<{ text: string }>({ text: isString }),
  lines: shape<{ lines: string[] }>({ lines: listOf(isString) }),
  pairs: shape<{ pairs: Pair[] }>({ pairs: listOf(isPair) }),
});
const entry = { section: isSection, name: isString };
const isEdit = oneKind<FormEdit>({
  set: shape<OfKind<FormEdit, 'set'>>({ path: listOf(isString), value: nullOr(isFieldValue) }),
  add: shape<OfKind<FormEdit, 'add'>>(entry),
  duplicate: shape<OfKind<FormEdit, 'duplicate'>>({ ...entry, newName: isString }),
  rename: shape<OfKind<FormEdit, 'rename'>>({ ...entry, newName: isString }),
  remove: shape<OfKind<FormEdit, 'remove'>>(entry),
});
const isAsk = oneKind<FormAsk>({ select: shape<OfKind<FormAsk, 'select'>>(entry) });

/** The message that the extension sent to a page of forms, or undefined when it is none. */
export const readToForms = editorToPage<FormState>(isState);
/** The message that a page of forms sent, or undefined when it is none. */
export const readFromForms = editorToExtension<FormEdit, FormAsk>(isEdit, isAsk);
