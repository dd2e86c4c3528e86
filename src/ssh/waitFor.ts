import { whenAborted } from '../base/whenAborted';
import { Cancelled, throwIfAborted } from '../base/errors';

/**
 * Waits for a promise that others may wait for too, but no longer than the signal allows; the promise itself goes on.
 * @throws Cancelled when the signal fires first.
 */
export function waitFor<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  throwIfAborted(signal);
  return new Promise((resolve, reject) => {
    const stopListening = whenAborted(signal, () => reject(new Cancelled()));
    promise.then(resolve, reject).finally(stopListening);
  });
}

/** Sleeps, unless the signal fires. @throws Cancelled */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await waitFor(new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))), signal);
  } finally {
    clearTimeout(timer);
  }
}
