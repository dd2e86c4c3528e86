import { make } from '../shared/dom';

/** Where the cursor goes after an edit; `leave`: the person went elsewhere. */
export type Then = 'leave' | 'down' | 'right' | 'left';

export interface CellEdit {
  cell: HTMLElement;
  label: string;
  value: string;
  /** Numbers get the keyboard of numbers on touch screens. */
  number: boolean;
  /** The value is selected, so that typing replaces it; else the caret stands at its end. */
  select: boolean;
  commit: (value: string, then: Then) => void;
  cancel: () => void;
}

/** A text field in a cell: Enter and Tab take what it holds, Escape does not, leaving it does. */
export class CellEditor {
  readonly input: HTMLInputElement;
  private ended = false;

  constructor(private readonly edit: CellEdit) {
    this.input = make('input', {
      class: 'cell-editor',
      attributes: {
        type: 'text',
        'aria-label': edit.label,
        inputmode: edit.number ? 'numeric' : 'text',
        spellcheck: 'false',
        autocomplete: 'off',
      },
      on: {
        keydown: (event) => this.key(event),
        blur: () => this.leave(),
        dblclick: (event) => event.stopPropagation(),
      },
    });
    this.input.value = edit.value;
    edit.cell.append(this.input);
    this.input.focus();
    if (edit.select) this.input.select();
  }

  /** Takes what the field holds; the person is elsewhere. */
  leave(): void {
    this.end(() => this.edit.commit(this.input.value, 'leave'));
  }

  /** Takes the field away without taking its value. */
  close(): void {
    this.end(() => undefined);
  }

  /** Shows the field in another cell: its row was drawn anew. */
  moveTo(cell: HTMLElement): void {
    if (this.input.parentElement === cell) return;
    const { selectionStart, selectionEnd } = this.input;
    // Taking a focused element out of the document blurs it, which would commit.
    const { ended } = this;
    this.ended = true;
    cell.append(this.input);
    this.ended = ended;
    this.input.focus();
    this.input.setSelectionRange(selectionStart, selectionEnd);
  }

  private key(event: KeyboardEvent): void {
    const then = thenOf(event);
    if (then !== undefined) {
      event.preventDefault();
      this.end(() => this.edit.commit(this.input.value, then));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.end(this.edit.cancel);
    }
    event.stopPropagation();
  }

  private end(how: () => void): void {
    if (this.ended) return;
    this.ended = true;
    this.input.remove();
    how();
  }
}

function thenOf({ key, shiftKey, isComposing }: KeyboardEvent): Then | undefined {
  if (isComposing) return undefined;
  if (key === 'Enter') return 'down';
  if (key === 'Tab') return shiftKey ? 'left' : 'right';
  return undefined;
}
