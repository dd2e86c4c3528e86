import { drawing } from '../shared/dom';
import { parseColor, toHex } from './color';
import { lineVariables, palette, paletteSize } from './palette';

/** How a line is drawn: colour, marker and dash together are its own up to 16 workers. */
export interface LineStyle {
  color: string;
  marker: Marker;
  /** Lengths of strokes and gaps; empty for a full line. */
  dash: number[];
}

export interface Marker {
  name: string;
  /** SVG path around 0, about 7 wide: the same in the chart and in the legend. */
  path: string;
  filled: boolean;
}

const markers: readonly Marker[] = [
  { name: 'circle', path: 'M3 0A3 3 0 1 1-3 0A3 3 0 1 1 3 0Z', filled: true },
  { name: 'square', path: 'M-2.7-2.7H2.7V2.7H-2.7Z', filled: true },
  { name: 'triangle', path: 'M0-3.6 3.4 2.6H-3.4Z', filled: true },
  { name: 'diamond', path: 'M0-4 4 0 0 4-4 0Z', filled: true },
  { name: 'cross', path: 'M-3-3 3 3M-3 3 3-3', filled: false },
  { name: 'plus', path: 'M-3.8 0H3.8M0-3.8V3.8', filled: false },
  { name: 'triangle down', path: 'M0 3.6 3.4-2.6H-3.4Z', filled: true },
  { name: 'ring', path: 'M3 0A3 3 0 1 1-3 0A3 3 0 1 1 3 0Z', filled: false },
];
const noMarker: Marker = { name: 'none', path: '', filled: false };
const dashes: readonly number[][] = [[], [7, 4]];

/** Colours as the theme gives them now. */
export class Theme {
  private readonly style: CSSStyleDeclaration;
  private readonly lines: string[];

  constructor(element: Element) {
    this.style = getComputedStyle(element);
    this.lines = palette(
      lineVariables.map((name) => this.value(name)),
      this.background,
    );
  }

  /** What the cards that hold the charts are painted with. */
  get background(): string {
    return this.color(
      '--vscode-editorWidget-background',
      this.color('--vscode-editor-background', '#ffffff'),
    );
  }

  get foreground(): string {
    return this.color('--vscode-foreground', '#333333');
  }

  get muted(): string {
    return this.color('--vscode-descriptionForeground', this.foreground);
  }

  /** Lines behind the data. */
  get grid(): string {
    return `${opaque(this.foreground)}24`;
  }

  get fontFamily(): string {
    return this.color('--vscode-font-family', 'sans-serif');
  }

  /** @param index place of the worker in the plan */
  worker(index: number): LineStyle {
    return {
      color: this.lines[index % paletteSize] ?? this.foreground,
      marker: markers[index % markers.length] ?? noMarker,
      dash: dashes[Math.floor(index / paletteSize) % dashes.length] ?? [],
    };
  }

  /** Median and band of many workers. */
  get median(): LineStyle {
    return {
      color: opaque(this.foreground),
      marker: noMarker,
      dash: [],
    };
  }

  private color(name: string, otherwise: string): string {
    return this.value(name) || otherwise;
  }

  private value(name: string): string {
    return this.style.getPropertyValue(name).trim();
  }
}

/** As `#rrggbb`, to which transparency can be added. */
function opaque(color: string): string {
  return toHex(parseColor(color) ?? { r: 0.5, g: 0.5, b: 0.5 });
}

/** A piece of the line with its marker, for legends and tables. */
export function swatch(style: LineStyle): SVGSVGElement {
  const svg = drawing(
    18,
    { d: 'M-9 0H9', ...(style.dash.length > 0 ? { dash: '4 3' } : {}) },
    { d: style.marker.path, filled: style.marker.filled },
  );
  svg.classList.add('swatch');
  svg.style.color = style.color;
  return svg;
}
