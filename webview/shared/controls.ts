import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import { make } from './dom';

/** Registers the elements below; once per page, before any is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
  );
}

/** What pages need of the toolkit's elements. */
export type PushButton = HTMLElement & { disabled: boolean };
type Dropdown = HTMLElement & { value: string };

/** A push button; `icon` is drawn before its label. */
export function pushButton(label: string, press: () => void, icon?: SVGElement): PushButton {
  const button = document.createElement('vscode-button') as PushButton;
  button.setAttribute('appearance', 'secondary');
  if (icon !== undefined) {
    icon.setAttribute('slot', 'start');
    button.append(icon);
  }
  // A page may hide the words of buttons where it is narrow, and then names them by `aria-label`.
  button.append(make('span', { class: 'button-label', text: label }));
  button.addEventListener('click', () => {
    if (!button.disabled) press();
  });
  return button;
}

/** Enables or disables a button; it stays readable for screen readers either way. */
export function setEnabled(button: PushButton, enabled: boolean): void {
  button.disabled = !enabled;
}

export interface Choice {
  value: string;
  label: string;
}

/** A list to choose one of. `show` sets what can be chosen and what is, without calling back. */
export class ChoiceList {
  readonly element: Dropdown;
  private shown = '';

  constructor(label: string, chosen: (value: string) => void) {
    this.element = document.createElement('vscode-dropdown') as Dropdown;
    this.element.setAttribute('aria-label', label);
    this.element.addEventListener('change', () => chosen(this.element.value));
  }

  show(choices: readonly Choice[], value: string): void {
    const key = JSON.stringify(choices);
    if (key !== this.shown) {
      this.shown = key;
      this.element.replaceChildren(
        ...choices.map((choice) => {
          const option = document.createElement('vscode-option');
          option.setAttribute('value', choice.value);
          option.textContent = choice.label;
          return option;
        }),
      );
    }
    if (this.element.value !== value) this.element.value = value;
  }
}

/** A turning ring for work whose end is not known. */
export function progressRing(label: string): HTMLElement {
  const ring = document.createElement('vscode-progress-ring');
  ring.setAttribute('aria-label', label);
  return make('span', { class: 'ring' }, ring);
}
