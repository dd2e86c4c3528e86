/** A colour as linear-light red, green and blue, 0-1. */
export interface Rgb {
  r: number;
  g: number;
  b: number;
}

/** OKLab in polar form: perceived lightness 0-1, chroma, hue in radians (Ottosson 2020). */
export interface Lch {
  l: number;
  c: number;
  h: number;
}

const toLinear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toGamma = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);

/** Reads `#rgb`, `#rrggbb`, `#rrggbbaa` and `rgb()`, as themes write them; transparency is left out. */
export function parseColor(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  let channels: number[] | undefined;
  if (hex !== undefined) {
    const wide = hex.length < 6 ? hex.replace(/./g, '$&$&') : hex;
    channels = [0, 2, 4].map((at) => parseInt(wide.slice(at, at + 2), 16));
  } else {
    channels = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text.trim())?.slice(1, 4).map(Number);
  }
  const [r, g, b] = channels ?? [];
  if (r === undefined || g === undefined || b === undefined) return undefined;
  return { r: toLinear(r / 255), g: toLinear(g / 255), b: toLinear(b / 255) };
}

export function toHex({ r, g, b }: Rgb): string {
  const part = (v: number) =>
    Math.round(toGamma(Math.min(1, Math.max(0, v))) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${part(r)}${part(g)}${part(b)}`;
}

/** Contrast of two colours, 1-21 (WCAG 2). */
export function contrast(a: Rgb, b: Rgb): number {
  const light = ({ r, g, b }: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const [high, low] = [Math.max(light(a), light(b)), Math.min(light(a), light(b))];
  return (high + 0.05) / (low + 0.05);
}

export function toLch({ r, g, b }: Rgb): Lch {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(x, y),
    h: Math.atan2(y, x),
  };
}

/** The nearest colour a screen can show. */
export function fromLch({ l, c, h }: Lch): Rgb {
  const x = c * Math.cos(h);
  const y = c * Math.sin(h);
  const long = (l + 0.3963377774 * x + 0.2158037573 * y) ** 3;
  const middle = (l - 0.1055613458 * x - 0.0638541728 * y) ** 3;
  const short = (l - 0.0894841775 * x - 1.291485548 * y) ** 3;
  const clamp = (v: number) => Math.min(1, Math.max(0, v));
  return {
    r: clamp(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    g: clamp(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    b: clamp(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  };
}

/** How different two colours look: the distance in OKLab; about 0.02 is just noticeable. */
export function difference(a: Rgb, b: Rgb): number {
  const [p, q] = [toLch(a), toLch(b)];
  return Math.hypot(
    p.l - q.l,
    p.c * Math.cos(p.h) - q.c * Math.cos(q.h),
    p.c * Math.sin(p.h) - q.c * Math.sin(q.h),
  );
}
