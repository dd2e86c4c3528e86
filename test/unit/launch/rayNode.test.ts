import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import nodeScript from '../../../src/launch/rayNode.sh';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rankwise-ray-node-'));
  mkdirSync(join(home, 'place'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A clock of which each look takes as many seconds. */
const clock = (seconds: number): string =>
  `date() { read -r now <"$HOME/clock"; now=$((now + ${seconds})); echo "$now" >"$HOME/clock"; echo "$now"; }`;
const again = 'rankwise: Ray did not come up in time';

describe.each(['dash', 'bash', 'busybox sh'])('a node of Ray under %s', (shell) => {
  /** @param ray what it does; `$tries` is how often it was started. */
  function run(
    ray: string,
    seconds: number,
    look: number,
  ): { status: number | null; tries: number; said: string } {
    const script = `
rankwise_ray_directory=$HOME/place
rankwise_seconds=${seconds}
rankwise_find_ray() { :; }
echo 0 >"$HOME/clock"
${clock(look)}
ray() { echo start >>"$HOME/starts"; tries=$(grep -c . "$HOME/starts"); mkdir -p "$HOME/place/ray"; ${ray}; }
set -- start --block
${nodeScript}`;
    const [program = '', ...words] = shell.split(' ');
    const result = spawnSync('setsid', ['--wait', program, ...words, '-c', script], {
      env: { HOME: home, PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
      timeout: 120_000,
    });
    const starts = spawnSync('grep', ['-c', '.', join(home, 'starts')], { encoding: 'utf8' });
    return { status: result.status, tries: Number(starts.stdout), said: result.stderr };
  }
  const comesUp = ': >"$HOME/place/ray/ray_current_cluster"';

  it('is started again where Ray gave it up for coming up too slowly', () => {
    const { status, tries, said } = run(`[ "$tries" -gt 1 ] && ${comesUp}`, 300, 30);
    expect({ status, tries }).toEqual({ status: 0, tries: 2 });
    expect(said).toContain(again);
  });

  it('is given up once the time to come up is over', () => {
    expect(run('return 3', 100, 30)).toMatchObject({ status: 3, tries: 2 });
  });

  it.each([
    ['that fails at once', 'return 3', 1],
    ['that had come up', `${comesUp}; return 3`, 30],
    ['that ends well', 'return 0', 30],
  ])('%s is not started again', (_, ray, look) => {
    const { status, tries, said } = run(ray, 300, look);
    expect({ status, tries }).toEqual({ status: ray.endsWith('0') ? 0 : 3, tries: 1 });
    expect(said).not.toContain(again);
  });
});
