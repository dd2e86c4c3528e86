import { RankwiseError } from '../../base/errors';
import { LineIndex } from '../../config/lineIndex';
import type { Problem } from '../../config/problem';
import { readTraining, type JsonValue, type TrainingDocument } from '../../config/training/readTraining';
import { trainingShapes, type TrainingKey, type TrainingValue } from '../../config/training/trainingKeys';
import { trainingTotals } from '../../config/training/trainingTotals';
import { setJsonValue } from '../../language/jsonEdits';
import type { TextEdit } from '../../language/types';
import type { Control, Field, FormEdit, FormState, Total } from '../../protocol/launches';
import { formProblem } from './launchProblems';

/**
 * A training configuration in JSON as a form of its known keys. Pure and total.
 * @param problems the findings of this text
 */
export function trainingFormState(text: string, problems: readonly Problem[]): FormState {
  const document = readTraining(text);
  const base = { kind: 'file', entries: [], problems: [], totals: [] } as const;
  const shape = document.shape ?? trainingShapes[0];
  if (document.faults.length > 0 || !document.isObject || shape === undefined) {
    const broken = problems.filter(({ severity }) => severity !== 'hint').map(formProblem);
    return { ...base, entries: [], problems: [], totals: [], broken, form: null };
  }
  const lines = new LineIndex(text);
  const start = lines.position(document.root?.start ?? 0);
  const left = new Set(problems);
  const fields = Object.entries(shape.keys).map(([key, of]): Field => {
    const entry = document.byKey.get(key);
    const [from, to] = [entry?.keyStart ?? -1, entry?.value?.end ?? entry?.keyEnd ?? -1];
    const own = problems.filter(({ range }) => {
      const offset = lines.offset(range.start);
      return entry !== undefined && from <= offset && offset <= to;
    });
    for (const problem of own) left.delete(problem);
    return {
      path: [key],
      label: key,
      help: of.description,
      control: controlOf(of.value),
      value: shownText(entry?.value),
      pairs: [],
      choices: of.value === 'boolean' ? ['true', 'false'] : [],
      placeholder: `e.g. ${of.example}`,
      required: false,
      isSet: entry !== undefined,
      locked: lockOf(entry?.value, of),
      at: entry === undefined ? start : lines.position(entry.keyStart),
      problems: own.map(formProblem),
    };
  });
  return {
    kind: 'file',
    broken: [],
    problems: [...left].map(formProblem),
    entries: [],
    form: {
      entry: null,
      at: start,
      groups: [{ name: '', title: 'Training', help: '', isOpen: true, fields }],
      problems: [],
    },
    totals: totalsOf(document),
  };
}

/**
 * The edits of a training configuration for a change in its form: comments, order and blanks stay.
 * @throws RankwiseError `editor.cannotEdit` where the file is no JSON mapping, or has something in the way
 */
export function trainingEdits(text: string, edit: FormEdit): TextEdit[] {
  const [key] = edit.kind === 'set' ? edit.path : [];
  if (edit.kind === 'set' && key !== undefined) {
    const written = edit.value?.kind === 'text' && edit.value.text !== '' ? edit.value.text : undefined;
    const edits = setJsonValue(text, key, written === undefined ? undefined : jsonValue(written));
    if (edits !== undefined) return edits;
  }
  throw new RankwiseError('editor.cannotEdit', 'this file cannot be changed as a form', {
    nextStep: 'Edit the text.',
  });
}

function controlOf(value: TrainingValue): Control {
  if (value === 'boolean') return 'choice';
  return value === 'level' ? 'text' : 'number';
}

function shownText(value: JsonValue | undefined): string {
  return value?.type === 'string' ? String(value.value) : (value?.text ?? '');
}

/** A list to search in, or a mapping, is more than one field holds. */
function lockOf(value: JsonValue | undefined, { search }: TrainingKey): string | null {
  if (value?.type === 'array') return search === true ? 'it is a list of values to search' : 'it is a list';
  return value?.type === 'object' ? 'it has parts of its own' : null;
}

/** What a person typed, as a number or truth value where it is one. */
function jsonValue(text: string): string | number | boolean {
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  const isNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(trimmed);
  return isNumber && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
}

function totalsOf(document: TrainingDocument): Total[] {
  const { workers, batch, totalBatch } = trainingTotals(document);
  const name = document.shape?.name === 'replicas' ? 'replicas' : 'workers';
  const unknown = 'the file does not say';
  return [
    {
      label: `Total ${name}`,
      value: workers === undefined ? '?' : String(workers),
      detail: workers === undefined ? unknown : 'processes that train',
    },
    {
      label: 'Total batch',
      value: totalBatch === undefined ? '?' : String(totalBatch),
      detail:
        totalBatch === undefined || batch === undefined
          ? unknown
          : `${batch.perWorker} samples × ${workers ?? 1} ${name}`,
    },
  ];
}
