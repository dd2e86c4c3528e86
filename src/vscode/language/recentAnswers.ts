/** An answer is as good as new for so long: typing asks for it at every key. */
const freshMs = 5000;

/** Answers that cost reading of files, each kept for some seconds. */
export class RecentAnswers<T> {
  private readonly known = new Map<string, { at: number; answer: Promise<T> }>();

  /** @param now milliseconds since the epoch */
  get(key: string, now: number, ask: () => Promise<T>): Promise<T> {
    const known = this.known.get(key);
    if (known !== undefined && now - known.at < freshMs) return known.answer;
    const answer = ask();
    this.known.set(key, { at: now, answer });
    return answer;
  }
}
