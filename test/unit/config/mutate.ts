/** Numbers that a seed fixes, 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Characters that mean something in one of the formats, or break editors and readers. */
const anywhere = [
  ...[
    '\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '\0',
    '\uFEFF',
    '\u00a0',
    '\u2028',
    '\ud800',
    '😀',
    'ä',
    '\u0661',
    '\x85',
    '\x1c',
  ],
  ...[
    '#',
    '//',
    '/*',
    '*/',
    '=',
    ':',
    ',',
    ';',
    '"',
    "'",
    '\\',
    '`',
    '$',
    '%',
    '@',
    '-',
    '--',
    '.',
    '0',
    '-1',
    '1e999',
  ],
  ...[
    '99999999999999999999',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '|',
    '&',
    '*',
    '!',
    '?',
    '~',
    '__proto__',
  ],
];

/**
 * Damages samples: cuts, doublings, swaps between samples, characters that mean something, and now and then one piece many
 * times, which shows what grows faster than its input.
 * @param words pieces of the format
 * @param repeats most copies of one piece
 */
export class Mutator {
  private readonly pieces: readonly string[];

  constructor(
    private readonly samples: readonly string[],
    words: readonly string[],
    private readonly repeats: number,
    private readonly random: () => number,
  ) {
    this.pieces = [...anywhere, ...words];
  }

  next(): string {
    let text = this.pick(this.samples);
    for (let edits = 1 + this.below(4); edits > 0; edits--) text = this.edit(text);
    return this.below(1000) === 0 ? this.swollen(text) : text;
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private edit(text: string): string {
    const at = this.below(text.length + 1);
    const before = text.slice(0, at);
    const after = text.slice(at);
    switch (this.below(6)) {
      case 0:
        return before + after.slice(1 + this.below(8));
      case 1:
        return before + after.slice(0, 1 + this.below(20)) + after;
      case 2: {
        const other = this.pick(this.samples);
        const from = this.below(other.length);
        return before + other.slice(from, from + this.below(40)) + after;
      }
      case 3:
        return before + this.pick(this.pieces) + after.slice(this.below(4));
      default:
        return before + this.pick(this.pieces) + after;
    }
  }

  private swollen(text: string): string {
    const at = this.below(text.length + 1);
    const piece = this.below(2) === 0 ? this.pick(this.pieces) : text.slice(at, at + 1 + this.below(12));
    return text.slice(0, at) + piece.repeat(this.below(this.repeats)) + text.slice(at);
  }

  private pick(list: readonly string[]): string {
    return list[this.below(list.length)] ?? '';
  }
}
