import { drawing } from './dom';

const circle = 'M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z';
const dot = 'M3 0A3 3 0 1 1-3 0A3 3 0 1 1 3 0Z';
const shapes = {
  running: [{ d: circle }, { d: dot, filled: true }],
  waiting: [{ d: circle }, { d: 'M0-3V0L2 2' }],
  tick: [{ d: 'M-4 .4-1.2 3.2 4-3.2' }],
  check: [{ d: circle }, { d: 'M-3 0-1 2.4 3-2' }],
  cross: [{ d: circle }, { d: 'M-2.4-2.4 2.4 2.4M-2.4 2.4 2.4-2.4' }],
  stop: [{ d: 'M-4-4H4V4H-4Z', filled: true }],
  warning: [{ d: 'M0-6 6.6 5.4H-6.6Z' }, { d: 'M0-2V1.6M0 3.6V3.7' }],
  question: [{ d: circle }, { d: 'M-1.8-1.4A1.8 1.8 0 1 1 0 .6V1.2M0 3.2V3.3' }],
  logs: [{ d: 'M-5-4H5M-5-1.3H5M-5 1.3H2M-5 4H4' }],
  plan: [{ d: 'M-4.5-6H2L5-3V6H-4.5Z' }, { d: 'M-2 0H2.5M-2 3H2.5' }],
  terminal: [{ d: 'M-6-5H6V5H-6Z' }, { d: 'M-3.5-1.8-1.4 0-3.5 1.8M0 2H3' }],
  info: [{ d: circle }, { d: 'M0-.6V3.2M0-3.1V-3' }],
  up: [{ d: 'M0 5V-4.5M-3.8-.8 0-4.6 3.8-.8' }],
  down: [{ d: 'M0-5V4.5M-3.8.8 0 4.6 3.8.8' }],
  plus: [{ d: 'M0-5V5M-5 0H5' }],
  copy: [{ d: 'M-2-2H5.5V5.5H-2Z' }, { d: 'M-4.5 2H-5.5V-5.5H2V-4.5' }],
  trash: [{ d: 'M-5.5-4H5.5M-2-4V-6H2V-4M-4-4-3.4 6H3.4L4-4' }],
  slash: [{ d: circle }, { d: 'M-4.2 4.2 4.2-4.2' }],
  text: [{ d: 'M-4.5-6H2L5-3V6H-4.5Z' }, { d: 'M-2-1H2.5M-2 2H2.5' }],
  fill: [{ d: 'M-5.5-5.5H5.5V5.5H-5.5Z' }, { d: 'M-2.5-2.5H2.5V2.5H-2.5Z', filled: true }],
  plain: [{ d: 'M2 0A2 2 0 1 1-2 0A2 2 0 1 1 2 0Z', filled: true }],
} satisfies Record<string, { d: string; filled?: boolean }[]>;

export type IconName = keyof typeof shapes;

/** A small picture; its meaning always stands beside it as text too. */
export function icon(name: IconName): SVGSVGElement {
  const svg = drawing(16, ...shapes[name]);
  svg.classList.add('icon');
  return svg;
}
