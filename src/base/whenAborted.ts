import { setMaxListeners } from 'node:events';

/**
 * Calls the listener once, when the signal fires. One signal may be listened to for hundreds of hosts at once, which
 * Node would otherwise warn of as a leak.
 * @returns stops listening.
 */
export function whenAborted(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
