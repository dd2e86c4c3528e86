import { throwIfAborted } from '../base/errors';

/** Every look costs nothing but a timer; a start waits for up to one look at each of its steps. */
const LOOK_MS = 10;

/**
 * Waits until something is so, or the time is over.
 * @returns whether it is so.
 * @throws Cancelled
 */
export async function waitUntil(
  isSo: () => boolean,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; !isSo();) {
    throwIfAborted(signal);
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}
