import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameParser, type Frame } from '../../../src/runs/frames';

const stream = Buffer.concat([
  Buffer.from(`Welcome!\nS\n${'noise '.repeat(500)}\nno newline: rankwise follow\n`),
  Buffer.from('D 0.log 123 0 12\n'),
  Buffer.from('a\nS\nH 1\n\0\xff\n\n', 'latin1'),
  Buffer.from('S\nG 1\nD clock 9-2 40 3\n1 2H 1763830000\n'),
]);

/** Pieces of data joined, as a mirror would write them. */
function summarize(frames: readonly Frame[]): string[] {
  const out: string[] = [];
  let last = '';
  for (const frame of frames) {
    if (frame.kind !== 'data') {
      out.push(JSON.stringify(frame));
      last = '';
    } else if (last === `${frame.name} ${frame.inode}`) {
      out.push(`${out.pop() ?? ''}${frame.bytes.toString('latin1')}`);
    } else {
      last = `${frame.name} ${frame.inode}`;
      out.push(`${last} @${frame.offset} ${frame.bytes.toString('latin1')}`);
    }
  }
  return out;
}

const whole = summarize(new FrameParser().push(stream));

describe('frames of follow.sh', () => {
  it('are told apart although data looks like headers', () => {
    expect(whole).toEqual([
      '0.log 123 @0 a\nS\nH 1\n\0\xff\n\n',
      '{"kind":"synced"}',
      '{"kind":"gone","id":"1"}',
      'clock 9-2 @40 1 2',
      '{"kind":"heartbeat","epoch":1763830000}',
    ]);
  });

  it('are the same in whatever pieces they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sizes) => {
        const parser = new FrameParser();
        const frames: Frame[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          frames.push(...parser.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(summarize(frames)).toEqual(whole);
      }),
    );
  });

  it.each(['X 1\n', 'D ../x 1 0 1\n', 'D a 1 0 0\n', 'D a 1 -1 5\n', `D ${'a'.repeat(2000)}`, 'G $(id)\n'])(
    'are refused when they are not ours: %s',
    (text) => {
      expect(() => new FrameParser().push(Buffer.from(`rankwise follow\n${text}`))).toThrow(
        /follow\.sh sent/,
      );
    },
  );
});
