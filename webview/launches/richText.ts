import { make } from '../shared/dom';

/** Text whose parts in backquotes are code. */
export function richText(text: string): Node[] {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? make('code', { text: part }) : document.createTextNode(part)));
}

/** Sets it where it differs, so that screen readers and selections are not disturbed. */
export function setRichText(element: HTMLElement, text: string): void {
  if (element.dataset['text'] === text) return;
  element.dataset['text'] = text;
  element.replaceChildren(...richText(text));
}
