import type { RunHead } from '../../src/protocol/dashboard';
import { pushButton, setEnabled } from '../shared/controls';
import { make, setText, syncChildren } from '../shared/dom';
import { formatClock, formatDuration } from './format';
import { icon, statusIcons } from './icons';

export interface HeaderActions {
  stop(): void;
  showLogs(): void;
  showPlan(): void;
  openTerminal(): void;
}

/** Name, state, time, workers and what can be done with the run. */
export class Header {
  readonly element: HTMLElement;
  private readonly title = make('h1');
  private readonly status = make('span', { class: 'status', attributes: { role: 'status' } });
  private readonly elapsed = make('span', {
    class: 'number',
    attributes: { title: 'time since the launch' },
  });
  private readonly workers = make('span');
  private readonly epoch = make('span');
  private readonly detail = make('p', { class: 'status-detail' });
  private readonly contact = make('ul', {
    class: 'contact',
    attributes: { 'aria-label': 'Unreachable hosts' },
  });
  private readonly stop;
  private run: RunHead | undefined;

  constructor(actions: HeaderActions) {
    this.stop = pushButton('Stop', () => actions.stop(), icon('stop'));
    const buttons = make('div', { class: 'buttons' });
    buttons.append(
      this.stop,
      pushButton('Logs', () => actions.showLogs(), icon('logs')),
      pushButton('Plan', () => actions.showPlan(), icon('plan')),
      pushButton('Terminal', () => actions.openTerminal(), icon('terminal')),
    );
    const facts = make('div', { class: 'facts' }, this.status, this.elapsed, this.workers, this.epoch);
    const line = make('div', { class: 'header-line' }, this.title, facts, buttons);
    this.element = make('header', {}, line, this.detail, this.contact);
  }

  show(run: RunHead): void {
    const before = this.run;
    this.run = run;
    const { status } = run;
    setText(this.title, run.title);
    this.status.dataset['kind'] = status.kind;
    if (before?.status.kind !== status.kind || before.status.label !== status.label) {
      this.status.replaceChildren(icon(statusIcons[status.kind]), make('span', { text: status.label }));
    }
    const present = run.endedAt === null ? `${run.running}/` : '';
    setText(this.workers, `${present}${run.expected} workers`);
    setText(this.epoch, run.epoch === null ? '' : `epoch ${run.epoch}`);
    this.detail.dataset['kind'] = status.kind;
    this.contact.hidden = run.contact.length === 0;
    syncChildren(
      this.contact,
      run.contact,
      ({ host }) => host,
      () => make('li', {}, icon('question'), make('span')),
      (item, { host, since, reason }) => {
        const text = `${host} unreachable since ${formatClock(since)}: ${reason}. The run goes on without us; trying again.`;
        if (item.lastElementChild) setText(item.lastElementChild, text);
      },
    );
    setEnabled(this.stop, run.canStop);
  }

  /** @param now milliseconds by the extension's clock */
  tick(now: number): void {
    if (this.run === undefined) return;
    const { startedAt, endedAt, status } = this.run;
    setText(this.elapsed, formatDuration(((endedAt ?? now) - startedAt) / 1000));
    const secondsLeft = status.deadline === null ? 0 : Math.ceil((status.deadline - now) / 1000);
    const left = secondsLeft > 0 ? `${secondsLeft} s left until the next step.` : '';
    const lines = [status.detail, status.nextStep, left].filter((text) => text !== '');
    setText(this.detail, lines.map(sentence).join(' '));
    this.detail.hidden = lines.length === 0;
  }
}

/** Names of hosts and commands keep their case. */
function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
