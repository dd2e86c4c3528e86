import type * as vscode from 'vscode';
import type { Core } from '../../core';
import type { Problem } from '../../config/problem';
import { usesOf } from '../../config/checkFile';
import { parseRankwise } from '../../config/parseRankwise';
import { checkTraining } from '../../config/training/checkTraining';
import type { FormAsk, FormEdit, FormState } from '../../protocol/launches';
import { readFromForms } from '../../protocol/launches';
import { editorIds } from '../ids';
import type { EditorKind, EditorSession } from './editorKind';
import { launchEdits } from './launchEdits';
import { launchFormState, type Selection } from './launchForm';
import { trainingEdits, trainingFormState } from './launchTrainingForm';

type FormKind = EditorKind<FormState, FormEdit, FormAsk>;
type FormSession = EditorSession<FormState, FormEdit, FormAsk>;

/** The launch editor: the clusters and launches of a `rankwise.yaml` as forms. */
export function launchEditor(core: Core): FormKind {
  return {
    viewType: editorIds.launches,
    page: 'launches',
    read: readFromForms,
    open: (document, changed) => new LaunchSession(core, document, changed),
  };
}

/** The training editor: the known keys of a training configuration in JSON as a form. */
export function trainingEditor(core: Core): FormKind {
  return {
    viewType: editorIds.training,
    page: 'launches',
    read: readFromForms,
    open: (document, changed) => trainingSession(core, document, changed),
  };
}

class LaunchSession implements FormSession {
  private selection: Selection | undefined;
  /** Findings that only the whole workspace shows, from when the file was last read. */
  private others: readonly Problem[] = [];
  private readonly listening;

  constructor(
    private readonly core: Core,
    private readonly document: vscode.TextDocument,
    private readonly changed: () => void,
  ) {
    this.readOthers();
    this.listening = core.config.onDidChange(() => {
      this.readOthers();
      changed();
    });
  }

  state(): FormState {
    return launchFormState(this.document.getText(), this.selection, this.others);
  }

  edits(edit: FormEdit): ReturnType<typeof launchEdits> {
    const edits = launchEdits(this.document.getText(), edit);
    if (edit.kind === 'add') this.selection = { section: edit.section, name: edit.name };
    if (edit.kind === 'duplicate' || edit.kind === 'rename') {
      this.selection = { section: edit.section, name: edit.newName };
    }
    return edits;
  }

  ask({ section, name }: FormAsk): Promise<void> {
    this.selection = { section, name };
    this.changed();
    return Promise.resolve();
  }

  dispose(): void {
    this.listening.dispose();
  }

  private readOthers(): void {
    const model = this.core.config.current;
    const file = this.document.uri.fsPath;
    const all = model?.file === file ? model.problems.filter((problem) => problem.file === file) : [];
    // What the text shows by itself is found anew with each change of it.
    const own = new Set(parseRankwise(this.document.getText()).problems.map(keyOf));
    this.others = all.filter((problem) => !own.has(keyOf(problem)));
  }
}

function keyOf({ code, message }: Problem): string {
  return `${code} ${message}`;
}

function trainingSession(core: Core, document: vscode.TextDocument, changed: () => void): FormSession {
  const listening = core.config.onDidChange(changed);
  return {
    state: () => {
      const text = document.getText();
      const model = core.config.current;
      const use = model === undefined ? undefined : usesOf(document.uri.fsPath, model).training;
      return trainingFormState(text, checkTraining(text, use ?? {}));
    },
    edits: (edit) => trainingEdits(document.getText(), edit),
    ask: () => Promise.resolve(),
    dispose: () => listening.dispose(),
  };
}
