/** A line that every program reads alike, but for its comment: `name slots=N`. */
export interface PlainLine {
  host: string;
  slots: number;
  comment: boolean;
}

const pattern =
  /^([A-Za-z][A-Za-z0-9-]{0,39}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,39}){0,4}|[1-9]\d{0,2}(?:\.(?:0|[1-9]\d{0,2})){3}) slots=([1-9]\d{0,3})(?:[ \t]*(#[^\r\n]*))?$/;

/** Keywords of Open MPI that the pattern would take for a name, and the names of this machine. */
const special =
  /^(?:localhost|127\.|slots?$|cpu|count|ma?x-|slots-|ports?$|rank$|user|boards$|sockets|cores|[\d.]*(?:25[6-9]|2[6-9]\d|[3-9]\d\d))/;

/** What a line says if it is plain: telling so is many times cheaper than to read it by the rules of each program. */
export function plainLine(text: string): PlainLine | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, host = '', slots = '', comment] = match;
  return special.test(host) ? undefined : { host, slots: Number(slots), comment: comment !== undefined };
}
