import type { LostHost, RunHead } from '../../src/protocol/dashboard';
import { pushButton, setEnabled } from '../shared/controls';
import { make, setText, syncChildren } from '../shared/dom';
import { formatClock, formatDuration } from './format';
import { icon } from '../shared/icon';
import { statusIcons } from './icons';

/** Names of hosts that are listed in one notice. */
const mostNames = 8;

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
    attributes: { 'aria-label': 'Contact with the hosts' },
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
    this.status.dataset['lastSeen'] = String(run.lastSeen !== null);
    const label = run.lastSeen === null ? status.label : `last seen ${status.label}`;
    if (before?.status.kind !== status.kind || this.status.textContent !== label) {
      const name = run.lastSeen === null ? statusIcons[status.kind] : 'question';
      this.status.replaceChildren(icon(name), make('span', { text: label }));
    }
    const present = run.endedAt === null && run.lastSeen === null ? `${run.running}/` : '';
    const workers = `${present}${run.expected} ${run.expected === 1 ? 'worker' : 'workers'}`;
    // How many a script of a person's own will start is not known before they print.
    setText(this.workers, run.expected === 0 ? '' : workers);
    setText(this.epoch, run.epoch === null ? '' : `epoch ${run.epoch}`);
    this.detail.dataset['kind'] = status.kind;
    const notices = noticesOf(run);
    this.contact.hidden = notices.length === 0;
    syncChildren(
      this.contact,
      notices,
      (notice) => notice,
      (notice) => make('li', {}, icon('question'), make('span', { text: notice })),
      () => undefined,
    );
    setEnabled(this.stop, run.canStop);
  }

  /** @param now milliseconds by the extension's clock */
  tick(now: number): void {
    if (this.run === undefined) return;
    const { startedAt, endedAt, lastSeen, status } = this.run;
    const until = endedAt ?? (lastSeen === null ? now : lastSeen.at);
    setText(this.elapsed, until === null ? '' : formatDuration((until - startedAt) / 1000));
    this.elapsed.hidden = until === null;
    const secondsLeft = status.deadline === null ? 0 : Math.ceil((status.deadline - now) / 1000);
    const left = secondsLeft > 0 ? `${secondsLeft} s left until the next step.` : '';
    const lines = [status.detail, status.nextStep, left].filter((text) => text !== '');
    setText(this.detail, lines.map(sentence).join(' '));
    this.detail.hidden = lines.length === 0;
  }
}

/** Why what is shown is not the whole truth; hosts that are out of contact for the same reason are named together. */
function noticesOf({ contact, lastSeen }: RunHead): string[] {
  const byReason = new Map<string, LostHost[]>();
  for (const lost of contact) byReason.set(lost.reason, [...(byReason.get(lost.reason) ?? []), lost]);
  const lost = [...byReason].map(([reason, hosts]) => {
    const since = Math.min(...hosts.map((one) => one.since));
    const names = listed(hosts.map(({ host }) => host));
    const text = sentence(`${names} unreachable since ${formatClock(since)}: ${reason}`);
    return `${text} The run goes on without us; trying again.`;
  });
  return lastSeen === null || lastSeen.notice === '' ? lost : [lastSeen.notice, ...lost];
}

/** `node1, node2 and 62 more`. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}

/** Names of hosts and commands keep their case. */
function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
