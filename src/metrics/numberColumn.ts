const blockLength = 1024;

/** A growing list of numbers, 8 bytes each, in blocks: nothing is copied as it grows. NaN stands for "not known". */
export class NumberColumn {
  private readonly blocks: Float64Array[] = [];
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(value: number): void {
    const within = this.count % blockLength;
    if (within === 0) this.blocks.push(new Float64Array(blockLength));
    const block = this.blocks.at(-1);
    if (block !== undefined) block[within] = value;
    this.count++;
  }

  /** The number at `index`, or NaN outside. */
  at(index: number): number {
    return this.blocks[Math.floor(index / blockLength)]?.[index % blockLength] ?? NaN;
  }
}
