/**
 * Follows brackets through a line, character by character, and says whether the place is inside a dump of an object:
 * `Namespace(lr=0.05, …)`, `{'loss': 1.0}`. Brackets that only group (`[…, loss=2.2]`, ` (loss: 0.5)`) are no dump.
 */
export class BracketSkip {
  private depth = 0;
  private skipFrom: number | undefined;

  get skipping(): boolean {
    return this.skipFrom !== undefined;
  }

  /** @param before The character before, or empty at the beginning of the line. */
  pass(character: string, before: string): void {
    switch (character) {
      case '{':
      case '(':
      case '[':
        this.depth++;
        if (character === '{' || (character === '(' && /\w/.test(before))) this.skipFrom ??= this.depth;
        return;
      case '}':
      case ')':
      case ']':
        if (this.depth === 0) return;
        if (this.skipFrom === this.depth) this.skipFrom = undefined;
        this.depth--;
        return;
    }
  }
}
