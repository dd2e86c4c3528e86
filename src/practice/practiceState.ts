/** What is known of the practice cluster's process. */
export type PracticeState =
  | { kind: 'stopped' }
  | { kind: 'starting' }
  | { kind: 'running'; hosts: string[] }
  | { kind: 'failed'; reason: string };
