import type { Problem } from './problem';

/** A file with more mistakes of one kind needs no list of them all. */
const mostOfEach = 200;

type Kind = Pick<Problem, 'code' | 'severity'>;

interface Known {
  count: number;
  /** Place of the last one that was taken. */
  last: number;
}

/** The first findings of each code and severity; the last of them says how many more there are. */
export class FewFindings<Finding extends Kind & Pick<Problem, 'message'>> {
  private readonly taken: Finding[] = [];
  private readonly kinds = new Map<string, Partial<Record<Problem['severity'], Known>>>();
  /** The kind of the finding before: most come in rows. */
  private recent: { kind: Kind; known: Known } | undefined;

  get isEmpty(): boolean {
    return this.taken.length === 0;
  }

  /** Adds what is made only where the list takes one more of its kind. */
  put(kind: Kind, make: () => Finding): void {
    if (this.takes(kind)) this.add(make());
  }

  /** Counts one more of a kind. @returns whether it is to be added */
  private takes(kind: Kind): boolean {
    const { code, severity } = kind;
    let { recent } = this;
    if (recent?.kind !== kind && (recent?.kind.code !== code || recent.kind.severity !== severity)) {
      let ofCode = this.kinds.get(code);
      if (ofCode === undefined) this.kinds.set(code, (ofCode = {}));
      const known = (ofCode[severity] ??= { count: 0, last: 0 });
      this.recent = recent = { kind, known };
    }
    return ++recent.known.count <= mostOfEach;
  }

  /** Adds one that is taken, right after it was counted. */
  private add(finding: Finding): void {
    if (this.recent !== undefined) this.recent.known.last = this.taken.length;
    this.taken.push(finding);
  }

  /** In the order in which they were added. */
  all(): Finding[] {
    const result = [...this.taken];
    for (const { count, last } of [...this.kinds.values()].flatMap((ofCode) => Object.values(ofCode))) {
      const finding = result[last];
      if (count <= mostOfEach || finding === undefined) continue;
      const more = `${count - mostOfEach} more findings of this kind follow.`;
      result[last] = { ...finding, message: `${finding.message} ${more}` };
    }
    return result;
  }
}

/** The first findings of each code and severity of a list. */
export function fewOfEach<Finding extends Kind & Pick<Problem, 'message'>>(
  findings: readonly Finding[],
): Finding[] {
  const few = new FewFindings<Finding>();
  for (const finding of findings) few.put(finding, () => finding);
  return few.all();
}
