import { randomBytes } from 'node:crypto';

/** UTC time, launch name cut to a directory name, and random: `20261122-181500-digits-k3f9x2ab`. */
export function newRunId(launch: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const slug = launch
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 30);
  return [time, ...(slug === '' ? [] : [slug]), randomBytes(4).toString('hex')].join('-');
}
