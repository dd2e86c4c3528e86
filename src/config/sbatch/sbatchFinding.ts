import type { Severity } from '../problem';

/** A finding by offsets; `code` without its room. */
export interface SbatchFinding {
  code: string;
  severity: Severity;
  message: string;
  start: number;
  end: number;
}

/** Text of the user's file for a message: short, and on one line. */
export function shown(text: string): string {
  const line = text.replaceAll(/[\s`]+/g, ' ');
  return `\`${line.length > 60 ? `${line.slice(0, 60)}…` : line}\``;
}
