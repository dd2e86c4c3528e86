import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Lab } from './lab';

/** Takes ports on a host of a lab, exactly when it is told to. */
export interface PortThief {
  /** Returns when somebody listens on the port, and everything else has waited for that. */
  take(port: number): void;
  /** Its pid on the host, as messages name it. */
  readonly pid: string;
  dispose(): Promise<void>;
}

const program = `
import os, socket, sys, time
place = sys.argv[1]
held = []
print(os.getpid(), flush=True)
while True:
    for name in os.listdir(place):
        if name.startswith("ask-"):
            held.append(socket.socket())
            held[-1].bind(("0.0.0.0", int(name[4:])))
            held[-1].listen()
            os.rename(os.path.join(place, name), os.path.join(place, "have-" + name[4:]))
    if os.path.exists(os.path.join(place, "end")):
        break
    time.sleep(0.002)
`;

/** A thief on `node1`. */
export async function startPortThief(lab: Lab): Promise<PortThief> {
  const name = `thief-${Date.now()}`;
  const inside = `${lab.truth.inside}/${name}`;
  const outside = join(lab.truth.outside, name);
  const file = `${inside}/thief.py`;
  await lab.exec('node1', `mkdir -m 777 ${inside}`);
  writeFileSync(join(outside, 'thief.py'), program);
  const { stdout } = await lab.exec(
    'node1',
    `python3 ${file} ${inside} >${inside}/pid 2>${inside}/errors & until [ -s ${inside}/pid ]; do sleep 0.02; done; cat ${inside}/pid`,
  );
  const note = (word: string): void => {
    writeFileSync(join(outside, `.${word}`), '');
    renameSync(join(outside, `.${word}`), join(outside, word));
  };
  return {
    pid: stdout.trim(),
    take: (port) => {
      note(`ask-${port}`);
      const deadline = Date.now() + 60_000;
      while (!existsSync(join(outside, `have-${port}`))) {
        const errors = readFileSync(join(outside, 'errors'), 'utf8');
        if (errors !== '' || Date.now() > deadline)
          throw new Error(`port ${port} was not taken within 60 s: ${errors}`);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }
    },
    dispose: async () => {
      note('end');
      await expect
        .poll(async () => (await lab.exec('node1', `kill -0 ${stdout.trim()}`)).code, { timeout: 60_000 })
        .not.toBe(0);
    },
  };
}
