/** What a program makes of a hostfile: its hosts with what it counts for each (`name slots`), sorted, or that it refuses it. */
export type Verdict = { hosts: string[] } | { refused: string };

export interface Comparison {
  row: string;
  text: string;
  theirs: Verdict;
  ours: Verdict;
}

/** Both refuse, or both have the same hosts with the same slots. */
export function agrees({ theirs, ours }: Comparison): boolean {
  if ('refused' in theirs || 'refused' in ours) return 'refused' in theirs && 'refused' in ours;
  return JSON.stringify(theirs.hosts) === JSON.stringify(ours.hosts);
}

/** A summary for a person: how many agree, and each case that does not. */
export function report(
  program: string,
  comparisons: readonly Comparison[],
): {
  lines: string[];
  agreement: number;
  falseErrors: number;
  refused: number;
  rows: Map<string, number>;
} {
  const wrong = comparisons.filter((comparison) => !agrees(comparison));
  const falseErrors = wrong.filter(({ theirs, ours }) => 'hosts' in theirs && 'refused' in ours).length;
  const refused = comparisons.filter(({ theirs }) => 'refused' in theirs).length / comparisons.length;
  const agreement = 1 - wrong.length / comparisons.length;
  const rows = new Map<string, number>();
  for (const { row } of comparisons) rows.set(row, (rows.get(row) ?? 0) + 1);
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  return {
    agreement,
    falseErrors,
    refused,
    rows,
    lines: [
      `${program}: ${comparisons.length} hostfiles, ${percent(refused)} refused by it; agreement ${percent(agreement)}, false errors ${falseErrors}`,
      ...wrong.map(
        ({ row, text, theirs, ours }) =>
          `  [${row}] ${JSON.stringify(text)}\n    theirs ${JSON.stringify(theirs)}\n    ours   ${JSON.stringify(ours)}`,
      ),
    ],
  };
}
