import type { TextPlace } from '../../src/protocol/editor';
import type { FormProblem } from '../../src/protocol/launches';
import { make, syncChildren } from '../shared/dom';
import { icon } from '../shared/icon';
import { richText } from './richText';

const severityIcons = { error: 'cross', warning: 'warning', information: 'info', hint: 'info' } as const;

/** Findings, each with its code; pressing one shows its place in the text. */
export function showProblems(
  list: HTMLElement,
  problems: readonly FormProblem[],
  options: { withLine: boolean; goTo: (at: TextPlace) => void },
): void {
  list.hidden = problems.length === 0;
  syncChildren(
    list,
    problems,
    ({ code, severity, message, at }) => `${code} ${severity} ${message} ${at.line}:${at.character}`,
    ({ code, severity, message, at }) => {
      const line = options.withLine ? `Line ${at.line + 1}: ` : '';
      const place = make('button', {
        class: 'link code',
        text: code,
        attributes: { type: 'button', title: `Show line ${at.line + 1} in the text` },
        on: { click: () => options.goTo(at) },
      });
      const words = make('span', {}, ...richText(line + message), document.createTextNode(' '), place);
      const item = make(
        'li',
        {},
        icon(severityIcons[severity]),
        make('span', { class: 'hidden', text: `${severity}: ` }),
        words,
      );
      item.dataset['severity'] = severity;
      return item;
    },
    () => undefined,
  );
}
