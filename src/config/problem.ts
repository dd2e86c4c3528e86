/** Zero-based line and UTF-16 character, as editors count. */
export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A finding in a config file: exact range, stable code, and a message that says what is wrong and what to do. */
export interface Problem {
  /** Stable, such as `hostfile.duplicateHost` or `rankwise.unknownCluster`. */
  code: string;
  severity: Severity;
  message: string;
  range: Range;
}
