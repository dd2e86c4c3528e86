import { contrast, difference, fromLch, parseColor, toHex, toLch, type Rgb } from './color';

/** Colours of the theme for lines, the most different first. */
export const lineVariables = [
  '--vscode-charts-blue',
  '--vscode-charts-orange',
  '--vscode-charts-green',
  '--vscode-charts-purple',
  '--vscode-charts-red',
  '--vscode-terminal-ansiCyan',
  '--vscode-charts-yellow',
  '--vscode-terminal-ansiMagenta',
];

export const paletteSize = lineVariables.length;
/** WCAG 2 asks 3:1 of lines in a chart. */
const leastContrast = 3;
const leastDifference = 0.09;
const hues = 24;

/**
 * As many colours as {@link lineVariables}, every one legible on the background and told apart from the others:
 * the theme's own where they are, made lighter or darker where they are not, and further hues where two of the
 * theme's are alike.
 */
export function palette(candidates: readonly string[], background: string): string[] {
  const paper = parseColor(background) ?? { r: 1, g: 1, b: 1 };
  const chosen: Rgb[] = [];
  const farFromChosen = (color: Rgb) => Math.min(...chosen.map((other) => difference(color, other)), 1);
  for (const text of candidates) {
    const color = parseColor(text);
    if (color === undefined) continue;
    const legible = makeLegible(color, paper);
    if (farFromChosen(legible) >= leastDifference) chosen.push(legible);
  }
  const wheel = Array.from({ length: hues }, (_, index) =>
    makeLegible(fromLch({ l: 0.65, c: 0.15, h: (index * 2 * Math.PI) / hues }), paper),
  );
  while (chosen.length < paletteSize) {
    chosen.push(wheel.reduce((best, color) => (farFromChosen(color) > farFromChosen(best) ? color : best)));
  }
  return chosen.slice(0, paletteSize).map(toHex);
}

/** The colour itself where it stands out from the background, else moved away from it in lightness. */
function makeLegible(color: Rgb, paper: Rgb): Rgb {
  const step = toLch(paper).l > 0.5 ? -0.02 : 0.02;
  const lch = toLch(color);
  let legible = color;
  while (contrast(legible, paper) < leastContrast && lch.l > 0 && lch.l < 1) {
    lch.l += step;
    legible = fromLch(lch);
  }
  return legible;
}
