import { describeError, RankwiseError } from '../base/errors';

/** What failed, for a notification, and what there is to say about each of several causes. */
export interface FailureText {
  text: string;
  /** One for each cause; empty where `text` says it all. */
  details: string[];
}

/**
 * A failure on one host is told in full; one on several names the hosts, and the reasons are details: a notification
 * has no room for more.
 */
export function failureText(error: unknown): FailureText {
  const causes = error instanceof RankwiseError && Array.isArray(error.cause) ? error.cause : [];
  if (causes.length < 2) return { text: describeError(error), details: [] };
  const hosts = new Set(
    causes.flatMap((cause) => (cause instanceof RankwiseError ? (cause.host ?? []) : [])),
  );
  const details = [...new Set(causes.map(describeError))];
  if (hosts.size < causes.length) return { text: describeError(error), details };
  return { text: `${hosts.size} hosts cannot be used: ${[...hosts].join(', ')}`, details };
}
