import { pushButton } from '../shared/controls';
import { make } from '../shared/dom';
import { icon } from '../shared/icon';

/** Where hosts are added: one, a range, a list; what is pasted with line breaks is taken at once. */
export class AddBox {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;

  /** @param add what was typed or pasted; the box is emptied by {@link clear} once that was done */
  constructor(private readonly add: (text: string) => void) {
    this.input = make('input', {
      class: 'add-input',
      attributes: {
        type: 'text',
        'aria-label': 'Add hosts: a name, a range such as node[1-16], or a pasted list',
        placeholder: 'Add hosts: node5, node[1-16], or a pasted list',
        spellcheck: 'false',
        autocomplete: 'off',
      },
      on: {
        keydown: (event) => {
          if (event.key === 'Enter' && !event.isComposing) this.submit();
          if (event.key === 'Escape') this.clear();
          event.stopPropagation();
        },
        paste: (event) => {
          const text = event.clipboardData?.getData('text/plain') ?? '';
          // The field would join the lines.
          if (!/[\r\n]/.test(text.trim())) return;
          event.preventDefault();
          this.add(text);
        },
      },
    });
    this.element = make(
      'div',
      { class: 'add' },
      this.input,
      pushButton('Add', () => this.submit(), icon('plus')),
    );
  }

  focus(): void {
    this.input.focus();
  }

  clear(): void {
    this.input.value = '';
  }

  private submit(): void {
    if (this.input.value.trim() !== '') this.add(this.input.value);
  }
}
