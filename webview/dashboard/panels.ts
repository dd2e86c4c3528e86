import type { EventRow, Tile, Waiting } from '../../src/protocol/dashboard';
import { progressRing } from '../shared/controls';
import { make, setText, syncChildren } from '../shared/dom';
import { formatClock } from './format';
import { icon } from '../shared/icon';
import { eventIcons } from './icons';

/** The numbers to look at first. */
export function showTiles(parent: HTMLElement, tiles: readonly Tile[]): void {
  syncChildren(
    parent,
    tiles,
    ({ id }) => id,
    () =>
      make(
        'div',
        { class: 'card tile', attributes: { role: 'group' } },
        make('div', { class: 'tile-label muted' }),
        make('div', { class: 'tile-value number' }),
        make('div', { class: 'tile-detail muted' }),
      ),
    (element, { label, value, detail, tone }) => {
      element.dataset['tone'] = tone;
      const [labelPart, valuePart, detailPart] = element.children;
      if (labelPart) setText(labelPart, label);
      if (valuePart) setText(valuePart, value);
      if (detailPart) setText(detailPart, detail);
    },
  );
}

/** What happened, newest first. */
export function showEvents(list: HTMLElement, events: readonly EventRow[]): void {
  syncChildren(
    list,
    events.toReversed(),
    ({ id, tone }) => `${id} ${tone}`,
    ({ tone }) => {
      const item = make('li', {}, icon(eventIcons[tone]), make('time'), make('span'));
      item.dataset['tone'] = tone;
      return item;
    },
    (item, { at, text }) => {
      const [, time, words] = item.children;
      if (time) setText(time, formatClock(at));
      if (words) setText(words, text);
    },
  );
}

const stageWords = { done: 'done', active: 'now', pending: 'to come', failed: 'did not come' };
const stageIcons = { done: 'check', pending: 'waiting', failed: 'cross' } as const;

/** The way to the first point, and what the workers said last. */
export function waitingPanel(waiting: Waiting): HTMLElement {
  const stages = waiting.stages.map(({ label, state, detail }) => {
    const mark = state === 'active' ? progressRing(label) : icon(stageIcons[state]);
    const item = make(
      'li',
      { class: 'stage' },
      make('span', { class: 'stage-mark' }, mark),
      make('span', { class: 'stage-label', text: label }),
      make('span', { class: 'hidden', text: stageWords[state] }),
      make('span', { class: 'muted', text: detail }),
    );
    item.dataset['state'] = state;
    return item;
  });
  const lines = waiting.lastLines.flatMap(({ worker, line }) => [
    make('dt', { text: worker }),
    make('dd', {}, make('code', { text: line })),
  ]);
  return make(
    'section',
    { class: 'card waiting', attributes: { 'aria-label': 'Waiting for the first metric' } },
    ...(stages.length > 0 ? [make('ol', { class: 'stages' }, ...stages)] : []),
    ...(lines.length > 0
      ? [make('h2', { text: 'Last lines' }), make('dl', { class: 'last-lines' }, ...lines)]
      : []),
  );
}

/** In place of everything else: what is wrong and what to do. */
export function messagePanel(message: string, nextStep: string): HTMLElement {
  return make(
    'section',
    { class: 'card message', attributes: { role: 'alert' } },
    icon('cross'),
    make('div', {}, make('p', { text: message }), make('p', { class: 'muted', text: nextStep })),
  );
}

export function loadingPanel(): HTMLElement {
  return make(
    'section',
    { class: 'loading', attributes: { role: 'status' } },
    progressRing('Reading the run'),
    make('span', { class: 'muted', text: 'Reading the run…' }),
  );
}
