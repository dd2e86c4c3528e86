import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TagStyle } from '../../../../src/launch/plan';
import { LineSplitter } from '../../../../src/metrics/lines';
import { startTags } from '../../../../src/metrics/tags/startTags';
import { tagsOf } from '../fixtureTags';

const logs = join(import.meta.dirname, '../../../fixtures/logs');
const encode = (text: string) => new TextEncoder().encode(text);

/** Worker and text of each line that is handed on, and the reader. */
function attribute(style: TagStyle, text: string | Uint8Array, hosts: string[] = []) {
  const tags = startTags(style, hosts);
  const found: [string, string, number][] = [];
  const splitter = new LineSplitter();
  const emit = (key: string, line: { text: string; offset: number }) =>
    found.push([key, line.text, line.offset]);
  splitter.push(typeof text === 'string' ? encode(text) : text, (line) => tags.read(line, emit));
  splitter.flush((line) => tags.read(line, emit));
  tags.end(emit);
  return { found, lines: found.map(([key, line]) => [key, line]), tags };
}

describe('tags of mpirun and horovodrun', () => {
  it('reads the rank, with gloo and with a time in front', () => {
    const time = 'Mon Nov 22 21:17:01 2026';
    expect(
      attribute('horovodrun', `[1,3]<stdout>:a\n[0]<stderr>:b\n${time}[2]<stdout>:c\nown\n`).lines,
    ).toEqual([
      ['rank/3', 'a'],
      ['rank/0', 'b'],
      ['rank/2', 'c'],
      ['', 'own'],
    ]);
  });

  it('puts together what ranks wrote in pieces within one line', () => {
    const text =
      '[1,0]<stdout>:\r10% loss=0[1,1]<stdout>:\r5% loss=9[1,0]<stdout>:.5\r[1,1]<stdout>:.1\n[1,0]<stdout>:end';
    expect(attribute('openmpi', text).lines.filter(([, line]) => line !== '')).toEqual([
      ['rank/0', '10% loss=0.5'],
      ['rank/1', '5% loss=9.1'],
      ['rank/0', 'end'],
    ]);
  });

  it('reads every state of two recorded bars whose tags stand within lines, and long lines in pieces of 4 KB', () => {
    const { found } = attribute('openmpi', readFileSync(join(logs, 'mpirun-tag-output-bars.log')));
    for (const rank of [0, 1]) {
      const own = found.filter(([key]) => key === `rank/${rank}`).map(([, line]) => line);
      expect(own.filter((line) => /^Epoch [01]: .*train_loss=[\d.]+\]$/.test(line))).toHaveLength(24);
      expect(own).toContain(`${'x'.repeat(5000)} loss=0.${rank}5`);
      expect(own.at(-1)).toBe(`end loss=0.${rank}7`);
    }
    expect(found.some(([key]) => key === '')).toBe(false);
  });
});

describe('labels of srun', () => {
  it('joins pieces of 1 KB of the same rank while others write', () => {
    const long = (digit: string) => digit.repeat(1024);
    const text = `0: ${long('a')}\n 1: ${long('b')}\n0: aa\n 1: b=1\n1: c\nno label\n`;
    expect(attribute('srunLabel', text).lines).toEqual([
      ['rank/0', `${long('a')}aa`],
      ['rank/1', `${long('b')}b=1`],
      ['rank/1', 'c'],
      ['', 'no label'],
    ]);
  });

  it('makes whole states of a recorded bar that was cut in the middle of words', () => {
    const { lines } = attribute('srunLabel', readFileSync(join(logs, 'srun-label-lightning-tqdm.log')));
    const states = lines.map(([, text]) => text).filter((text) => text?.startsWith('Epoch 0: '));
    expect(states).toContainEqual(
      expect.stringMatching(/8\.61it\/s, train_loss=2\.220, train_acc=0\.220\]$/),
    );
    expect(
      states.filter((text) => !/it\/s(, train_loss=\d\.\d{3}, train_acc=\d\.\d{3})?\]\s*$/.test(text ?? '')),
    ).toEqual([]);
  });

  it('is read only where a plan says so', () => {
    expect(attribute('auto', '0: loss=1\n').lines).toEqual([['', '0: loss=1']]);
  });
});

describe('tags of Ray', () => {
  const plain = readFileSync(join(logs, 'ray-train-plain.stderr.log'), 'utf8');
  const printed = readFileSync(join(logs, 'ray-train-plain.stdout.log'), 'utf8');

  it('maps processes to ranks, also those whose lines came before the map', () => {
    for (const text of [plain + printed, printed + plain]) {
      const { lines, tags } = attribute('ray', text);
      for (const rank of [0, 1, 2, 3]) {
        const own = lines.filter(([key, line]) => key === `rank/${rank}` && /samples\/s$/.test(line ?? ''));
        expect(own).toHaveLength(12);
        expect(own.every(([, line]) => line?.endsWith(` ${100 + rank} samples/s`))).toBe(true);
        expect(tags.attributes(`rank/${rank}`)).toMatchObject({ rank, localRank: rank % 2 });
      }
    }
  });

  it('tells processes of the same number apart: those of the driver have no address in their tags', () => {
    const map = (ip: string, pid: number, rank: number) =>
      `(TrainController pid=9) - (ip=${ip}, pid=${pid}) world_rank=${rank}, local_rank=0, node_rank=${rank}\n`;
    const text =
      '(RayTrainWorker pid=7) early\n' +
      map('10.0.0.2', 7, 1) +
      map('10.0.0.1', 7, 0) +
      '(RayTrainWorker pid=7, ip=10.0.0.2) remote\n(RayTrainWorker pid=7) local\n';
    expect(attribute('ray', text).lines.filter(([key]) => key !== '')).toEqual([
      ['rank/0', 'early'],
      ['rank/1', 'remote'],
      ['rank/0', 'local'],
    ]);
  });

  it('gives lines whose rank never came to a numbered process, within bounds', () => {
    const text = Array.from({ length: 1500 }, (_, index) => `(RayTrainWorker pid=7) line ${index}\n`).join(
      '',
    );
    const tags = startTags('ray');
    let handedOn = 0;
    const splitter = new LineSplitter();
    splitter.push(encode(text), (line) => tags.read(line, () => handedOn++));
    expect(handedOn).toBe(1500);
    expect(attribute('ray', text).lines.at(-1)).toEqual(['process/0', 'line 1499']);
  });

  it('names the trial of each process of a recorded Tune run in the older output', () => {
    const { lines } = attribute('ray', readFileSync(join(logs, 'ray-tune-older-output.log')));
    const losses = lines.filter(([, text]) => text?.startsWith('Epoch 0 step 0'));
    expect(losses.map(([key, text]) => [key?.slice(-5), text?.slice(15, 26)]).sort()).toEqual([
      ['00000', 'loss 0.9091'],
      ['00001', 'loss 0.8333'],
      ['00002', 'loss 0.7692'],
      ['00003', 'loss 0.7143'],
    ]);
  });
});

describe('tags of torchrun', () => {
  it('reads the local rank, and the global one as it becomes known', () => {
    const text =
      '[default1]:a\n[default1]:[rank5]: Traceback\n[rank5]: more\n[rank6]: other\n[trainer0]:b\n[W1122 16:58:34 x.cpp:2] c\n';
    const { lines, tags } = attribute('torchrun', text);
    expect(lines).toEqual([
      ['local/1', 'a'],
      ['local/1', 'Traceback'],
      ['local/1', 'more'],
      ['rank/6', 'other'],
      ['local/0', 'b'],
      ['', '[W1122 16:58:34 x.cpp:2] c'],
    ]);
    expect(tags.attributes('local/1')).toEqual({ localRank: 1, rank: 5 });
  });
});

describe('tags of DeepSpeed', () => {
  it('takes for a host only what the plan or the map of ranks names', () => {
    const text =
      'a: x\nloss: 0.3\nb: y\n' +
      "b: [2022] [INFO] [launch.py:155:main] global_rank_mapping=defaultdict(<class 'list'>, {'a': [0, 1], 'b': [2]})\n" +
      'b: y\na: [2022] [INFO] [x.py:96:log_dist] [Rank 1] step=10\n';
    expect(attribute('deepspeed', text, ['a']).lines.map(([key]) => key)).toEqual([
      'host/a',
      '',
      '',
      'rank/2',
      'rank/2',
      'rank/1',
    ]);
  });
});

describe('every family of tags', () => {
  const styles: TagStyle[] = [
    'none',
    'openmpi',
    'horovodrun',
    'srunLabel',
    'ray',
    'torchrun',
    'deepspeed',
    'auto',
  ];
  const piece = fc.constantFrom(
    '[1,0]<stdout>:',
    '[1]<stderr>:',
    '0: ',
    '12: ',
    '(RayTrainWorker pid=7) ',
    '(RayTrainWorker pid=7, ip=10.0.0.2) ',
    '(train_fn pid=8) ',
    '(TrainController pid=1) - (ip=10.0.0.1, pid=7) world_rank=0, local_rank=0, node_rank=0',
    'Result for t_1:\n  pid: 8\n  node_ip: 10.0.0.1\n  \n',
    'Trial t_2 completed after 3 iterations\n',
    '│ loss 1 │\n',
    '[default0]:',
    '[rank1]: ',
    'a: ',
    '\n',
    '\r',
    '\b',
    'y'.repeat(1024),
    '\n',
  );

  it('hands every line on exactly once: no character is lost or doubled', () => {
    // Each marker is unique: what comes out holds each of them once.
    const parts = fc.array(fc.tuple(piece, fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(parts, fc.constantFrom(...styles), (all, style) => {
        const text = all.map(([part, mark], index) => part + (mark ? `<m${index}>` : '')).join('');
        const out = attribute(style, text, ['a']).lines.map(([, line]) => line ?? '');
        const marks = all.flatMap(([, mark], index) => (mark ? [`<m${index}>`] : []));
        const joined = out.join('\n');
        for (const mark of marks) expect(joined.split(mark).length - 1, `${mark} by ${style}`).toBe(1);
      }),
      { numRuns: 1500 },
    );
  });

  it('never throws on bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...styles), (bytes, style) => {
        attribute(style, bytes, ['a']);
      }),
    );
  });

  it('gives each recorded log the same lines as its declared family when it judges by itself', () => {
    for (const file of readdirSync(logs).filter((name) => name.endsWith('.log'))) {
      const style = tagsOf(file);
      if (!['openmpi', 'horovodrun', 'ray', 'torchrun'].includes(style)) continue;
      const bytes = readFileSync(join(logs, file));
      const workers = (lines: (string | undefined)[][]) => lines.filter(([key]) => key !== '');
      expect(workers(attribute('auto', bytes).lines).length, file).toBeGreaterThan(0);
      if (style !== 'ray')
        expect(workers(attribute('auto', bytes).lines)).toEqual(workers(attribute(style, bytes).lines));
    }
  });
});
