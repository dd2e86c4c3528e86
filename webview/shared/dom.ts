/** Attributes and listeners of a new element; text enters as text, never as markup. */
export interface Making {
  class?: string;
  text?: string;
  attributes?: Record<string, string>;
  on?: Partial<{ [K in keyof HTMLElementEventMap]: (event: HTMLElementEventMap[K]) => void }>;
}

/** Makes an element with its children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  making: Making = {},
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (making.class !== undefined) element.className = making.class;
  if (making.text !== undefined) element.textContent = making.text;
  for (const [name, value] of Object.entries(making.attributes ?? {})) element.setAttribute(name, value);
  for (const [name, listener] of Object.entries(making.on ?? {})) {
    element.addEventListener(name, listener as EventListener);
  }
  element.append(...children);
  return element;
}

/** Sets the text where it differs, so that screen readers and selections are not disturbed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the children of `parent` those of `items`, reusing the element of each key, in this order. Focus and scroll
 * positions stay where they are.
 */
export function syncChildren<T, E extends HTMLElement>(
  parent: HTMLElement,
  items: readonly T[],
  keyOf: (item: T) => string,
  create: (item: T) => E,
  update: (element: E, item: T) => void,
): void {
  const known = new Map(
    [...parent.children].map((child) => [(child as HTMLElement).dataset['key'], child as E]),
  );
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = known.get(key);
    known.delete(key);
    if (element === undefined) {
      element = create(item);
      element.dataset['key'] = key;
    }
    update(element, item);
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  for (const element of known.values()) element.remove();
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** A small drawing of paths in a square of `size`, centred on 0; coloured by `currentColor`. */
export function drawing(
  size: number,
  ...paths: { d: string; filled?: boolean; dash?: string }[]
): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', `${-size / 2} ${-size / 2} ${size} ${size}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('fill', 'none');
  svg.setAttribute('stroke', 'currentColor');
  svg.setAttribute('stroke-linecap', 'round');
  svg.setAttribute('stroke-linejoin', 'round');
  svg.setAttribute('stroke-width', '1.5');
  for (const { d, filled, dash } of paths) {
    const path = document.createElementNS(svgNamespace, 'path');
    path.setAttribute('d', d);
    if (filled === true) path.setAttribute('fill', 'currentColor');
    if (dash !== undefined) path.setAttribute('stroke-dasharray', dash);
    svg.append(path);
  }
  return svg;
}
