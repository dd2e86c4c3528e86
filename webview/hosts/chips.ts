import type { LauncherChip } from '../../src/protocol/hosts';
import { make, setText, syncChildren } from '../shared/dom';
import { icon, type IconName } from '../shared/icon';

type Verdict = 'valid' | 'error' | 'warning' | 'information';

const icons: Readonly<Record<Verdict, IconName>> = {
  valid: 'check',
  error: 'cross',
  warning: 'warning',
  information: 'info',
};

/** One button per launcher: whether it takes the file, and if not, the line, which a click goes to. */
export class Chips {
  readonly element = make('ul', { class: 'chips', attributes: { 'aria-label': 'Launchers' } });
  private shown: readonly LauncherChip[] = [];

  /** @param goTo the person wants to see the problem of a chip */
  constructor(private readonly goTo: (chip: LauncherChip) => void) {}

  show(chips: readonly LauncherChip[]): void {
    this.shown = chips;
    syncChildren(
      this.element,
      chips,
      ({ id }) => id,
      (chip) => this.create(chip),
      update,
    );
  }

  private create({ id }: LauncherChip): HTMLElement {
    const press = (): void => {
      const chip = this.shown.find((one) => one.id === id);
      if (chip !== undefined) this.goTo(chip);
    };
    const button = make(
      'button',
      { class: 'chip', attributes: { type: 'button' }, on: { click: press } },
      make('span', { class: 'chip-icon' }),
      make('span', { class: 'chip-label' }),
      make('span', { class: 'chip-verdict' }),
    );
    return make('li', {}, button);
  }
}

function update(item: HTMLElement, { label, used, problem }: LauncherChip): void {
  const button = item.querySelector<HTMLButtonElement>('button');
  const [picture, name, verdict] = button?.children ?? [];
  if (button === null || picture === undefined || name === undefined || verdict === undefined) return;
  const kind = verdictOf(problem);
  if (button.dataset['verdict'] !== kind) picture.replaceChildren(icon(icons[kind]));
  button.dataset['verdict'] = kind;
  button.classList.toggle('used', used);
  button.disabled = problem === null;
  const use = used ? 'A launch gives this file to it.' : 'No launch gives this file to it.';
  const words = problem === null ? 'valid' : `line ${problem.line + 1}`;
  button.title = problem === null ? use : `${problem.message}\n${use}`;
  const said = problem === null ? words : `${kind} in ${words}: ${problem.message}`;
  button.setAttribute('aria-label', `${label}, ${said}. ${use}`);
  setText(name, label);
  setText(verdict, words);
}

function verdictOf(problem: LauncherChip['problem']): Verdict {
  if (problem === null) return 'valid';
  return problem.severity === 'hint' ? 'information' : problem.severity;
}
