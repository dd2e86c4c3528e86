import { expect, it } from 'vitest';
import { keyOf, WorkerLines } from '../../../src/metrics/workerLines';

const log = [
  'mpirun says something',
  '[1,0]<stdout>:zero one',
  '[1,1]<stdout>:one one',
  '[1,1]<stderr>:10%\r20%',
  '[1,0]<stdout>:zero two',
  '[1,1]<stdout>:one two',
  '',
].join('\n');
const bytes = new TextEncoder().encode(log);

it('are the lines of one worker without tags, however the bytes are cut', () => {
  const whole = new WorkerLines({ tags: 'openmpi' }, 'rank/1').push(bytes);
  expect(whole).toMatch(/^one one\n10%\r20%\none two\n$/);
  const lines = new WorkerLines({ tags: 'openmpi' }, 'rank/1');
  const pieces = [...bytes].map((byte) => lines.push(Uint8Array.of(byte)));
  expect(pieces.join('') + lines.flush()).toBe(whole);
  expect(new WorkerLines({ tags: 'openmpi' }, 'rank/0', log.indexOf('[1,1]')).push(bytes)).toBe('zero two\n');
});

it('are asked for by what the tags name', () => {
  expect(keyOf({ kind: 'rank', log: 'head/launcher', rank: 3 })).toBe('rank/3');
  expect(keyOf({ kind: 'trial', log: 'head/driver', trial: 'train_1' })).toBe('trial/train_1');
  expect(keyOf({ kind: 'lane', log: 'head/launcher' })).toBeUndefined();
});
