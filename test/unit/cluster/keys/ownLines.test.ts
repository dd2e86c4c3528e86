import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyNames } from '../../../../src/cluster/keys/keyNames';
import { divide, join } from '../../../../src/cluster/keys/ownLines';
import type { OwnedFile } from '../../../../src/cluster/keys/ownLines';

const names = keyNames('lab');
const ours: Record<OwnedFile, string[]> = {
  authorized_keys: ['ssh-ed25519 AAAA rankwise:lab:a', 'ssh-ed25519 BBBB rankwise:lab:b'],
  known_hosts: ['a,10.0.0.1 ssh-ed25519 AAAA rankwise:lab:a'],
  config: [
    names.beginMarker,
    'Host a b',
    '  IdentityFile ~/.ssh/rankwise_lab',
    '  Port 2222',
    names.endMarker,
  ],
};
const files = Object.keys(ours) as OwnedFile[];

/** What people have in such files, and what nobody should have. */
const theirLine = fc.oneof(
  fc.constantFrom(
    '',
    'Host *',
    '  IdentityFile ~/.ssh/id_ed25519',
    '# rankwise:lab2 begin',
    '# rankwise:lab2 end',
    'ssh-ed25519 CCCC me@laptop\r',
    'ssh-ed25519 CCCC rankwise:lab2:a',
    'ssh-ed25519 CCCC rankwise:lab',
    '#ssh-ed25519 AAAA rankwise:lab:a',
  ),
  fc
    .string({ unit: 'binary', maxLength: 30 })
    .map((text) => Buffer.from(text).toString('latin1').replaceAll('\n', '')),
);
const theirText = fc
  .tuple(fc.array(theirLine, { maxLength: 8 }), fc.boolean())
  .map(([lines, closed]) => lines.join('\n') + (closed && lines.length > 0 ? '\n' : ''));

describe.each(files)('%s', (file) => {
  test('undo gives back what was there, byte for byte', () => {
    fc.assert(
      fc.property(fc.option(theirText, { nil: undefined }), (before) => {
        const text = join({ ...divide(file, before, names), ours: ours[file] });
        expect(text?.endsWith('\n')).toBe(true);
        const found = divide(file, text, names);
        expect(found.ours).toEqual(ours[file]);
        expect(join({ ...found, ours: [] })).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  test('what others append afterwards stays, on lines of its own', () => {
    fc.assert(
      fc.property(theirText, theirText, (before, after) => {
        const text = join({ ...divide(file, before, names), ours: ours[file] }) ?? '';
        const found = divide(file, text + after, names);
        expect(found.ours).toEqual(ours[file]);
        const closed = before === '' || before.endsWith('\n') || after === '' ? before : `${before}\n`;
        expect(found.theirs).toBe(closed + after);
      }),
    );
  });

  test('a file that we made goes away again, also after others came and went; an empty one stays', () => {
    const made = { ...divide(file, undefined, names), ours: ours[file] };
    const used = divide(file, join({ ...made, theirs: 'x\n' }), names);
    expect(join({ ...used, ours: [] })).toBe('x\n');
    expect(join({ ...used, theirs: '', ours: [] })).toBeUndefined();
    const empty = divide(file, join({ ...divide(file, '', names), ours: ours[file] }), names);
    expect(join({ ...empty, ours: [] })).toBe('');
  });
});

test('a block whose end was deleted takes nothing of the user with it', () => {
  const text = (join({ theirs: 'Host x\n', made: false, ours: ours.config }) ?? '').replace(
    `${names.endMarker}\n`,
    '\nHost y\n  User me\n',
  );
  expect(divide('config', text, names).theirs).toBe('Host x\n\nHost y\n  User me\n');
});

test('no two clusters share a name in files, and none can write more than a word', () => {
  expect(keyNames('lab')).toMatchObject({ slug: 'lab', keyFile: 'rankwise_lab' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      const { slug } = keyNames(one);
      expect(slug).toMatch(/^[A-Za-z0-9_.-]{1,60}$/);
      expect(slug === keyNames(other).slug).toBe(one === other);
    }),
  );
  const hostile = ['a b', 'a-b', 'a\nb', '../x', '$(touch x)', 'x.next', '', 'é'.repeat(80)];
  expect(new Set(hostile.map((name) => keyNames(name).keyFile)).size).toBe(hostile.length);
});
