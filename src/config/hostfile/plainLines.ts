/** A line that every program reads alike, but for its comment: `name slots=N`. */
export interface PlainLine {
  host: string;
  slots: number;
  start: number;
  /** Offset of the line break, or of the end of the text. */
  end: number;
  comment: boolean;
}

const pattern =
  /([A-Za-z][A-Za-z0-9-]{0,39}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,39}){0,4}|[1-9]\d{0,2}(?:\.(?:0|[1-9]\d{0,2})){3}) slots=([1-9]\d{0,3})(?:[ \t]*(#[^\r\n]*))?(?=\n|$(?![\s\S]))/y;

/** Keywords of Open MPI that the pattern would take for a name, and the names of this machine. */
const special =
  /^(?:localhost|127\.|slots?$|cpu|count|ma?x-|slots-|ports?$|rank$|user|boards$|sockets|cores|[\d.]*(?:25[6-9]|2[6-9]\d|[3-9]\d\d))/;

/**
 * The plain lines of a hostfile, found once for all who read it: most lines of most files are plain, and telling so
 * is many times cheaper than to read a line by the rules of a program.
 */
export class PlainLines {
  private readonly lines: PlainLine[] = [];

  constructor(text: string) {
    for (let start = 0; start < text.length;) {
      pattern.lastIndex = start;
      const match = pattern.exec(text);
      const [, host = '', slots = '', comment] = match ?? [];
      if (match !== null) {
        const end = pattern.lastIndex;
        if (!special.test(host)) {
          this.lines.push({ host, slots: Number(slots), start, end, comment: comment !== undefined });
        }
        start = end + 1;
        continue;
      }
      const lineBreak = text.indexOf('\n', start);
      if (lineBreak < 0) break;
      start = lineBreak + 1;
    }
  }

  /** Gives the plain line that begins at an offset; offsets are asked for in rising order. */
  reader(): (start: number) => PlainLine | undefined {
    let next = 0;
    return (start) => {
      for (
        let line = this.lines[next];
        line !== undefined && line.start <= start;
        line = this.lines[++next]
      ) {
        if (line.start === start) return line;
      }
      return undefined;
    };
  }
}
