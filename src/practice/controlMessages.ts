import { z } from 'zod';

const event = z.discriminatedUnion('event', [
  /** Follows before the process ends in good order; `reason` is for people. */
  z.object({ event: z.literal('stopping'), reason: z.string() }),
  /** Nothing is left. */
  z.object({ event: z.literal('stopped') }),
  /** These processes could not be ended; the cluster goes on. */
  z.object({ event: z.literal('stopFailed'), pids: z.array(z.int()) }),
]);

/** What the cluster tells its windows, one JSON object per line. */
export type ControlEvent = z.infer<typeof event>;

/** Undefined for anything else. */
export function controlEvent(line: string): ControlEvent | undefined {
  return event.safeParse(parseJson(line)).data;
}

/** What a window may ask; undefined for anything else. */
export function controlCommand(line: string): 'stop' | undefined {
  return z.object({ command: z.literal('stop') }).safeParse(parseJson(line)).data?.command;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
