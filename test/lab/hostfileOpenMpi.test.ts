import { describe, expect, it } from 'vitest';
import { checkHostfile } from '../../src/config/hostfile/checkHostfile';
import { askOpenMpi, severalAtATime } from './hostfileTruth/askOpenMpi';
import { askRankwise } from './hostfileTruth/askRankwise';
import { generateHostfiles, rules } from './hostfileTruth/generate';
import { report, type Comparison } from './hostfileTruth/verdict';

const atATime = 4;

const spellings = [
  'slots',
  'cpu',
  'count',
  'max-slots',
  'max_slots',
  'slots-max',
  'slots_max',
  'max-cpu',
  'count_max',
];

const accepted = [
  'a slots=4\nb slots=2\n',
  'a slots=4',
  'a slots = 4\n',
  'a\tslots=2\n',
  '  a slots=2\n',
  'a\nb\n',
  'a\na\nb\n',
  '\n\na slots=1\n\n',
  'a slots=2 # c\n',
  'a slots=2#c\n',
  'a slots=2//c\n',
  '# c\r\na slots=2\n',
  '  # c\na slots=2\n',
  'a slots=2 /* c */\nb slots=1\n',
  'a slots=2 /* c */ b slots=1\n',
  '/* # */ a slots=2\n',
  'a slots=2 # /*\nb slots=1\n',
  'a slots=2\f\n',
  'u@a slots=2\n',
  'u-x@a.b slots=2\n',
  'u@10.0.0.5 slots=2\n',
  '10.0.0.5 slots=1\n10.0.0.50 slots=2\n',
  'localhost slots=2\n',
  'localhost slots=2\n127.0.0.2 slots=1\n',
  'a.one.org slots=1\nb.one.org slots=1\n',
  '1a.b slots=2\n',
  '10 slots=2\n',
  'node-01 slots=2\n',
  'a.b_c slots=2\n',
  'a slots=04\n',
  'a port=22 slots=2\n',
  'a username=bob slots=2\n',
  'a user_name=bob\n',
  'a slots=2 max-slots=4\n',
  'a max-slots=4 slots=2\n',
  'core slots=1\n',
  ...spellings.map((key) => `a ${key}=3\nb slots=1\n`),
];

const refused = [
  '',
  '\n\n',
  '# only\n',
  'a # c',
  'a slots=1\n# c',
  '// c',
  'a slots=2\r\n',
  'a\r\nb\r\n',
  'a slots=2 \r\n',
  '\uFEFFa slots=1\n',
  'a\u00a0slots=2\n',
  'é slots=1\n',
  'a slots=0\n',
  'a slots=0\nb slots=1\n',
  'a slots=x\n',
  'a slots=two\n',
  'a slots=2.5\n',
  'a slots=-1\n',
  'a slots=+1\n',
  'a slots="2"\n',
  'a slots=0x4\n',
  'a slots\n',
  'a slots=\n',
  'a slots 2\n',
  'a slots==2\n',
  'a slots=2,\n',
  'a slots=2;\n',
  'a slots=/*x*/2\n',
  'a slots=2147483648\n',
  'a =2\n',
  'a = slots 2\n',
  'a gpu=2\n',
  'a SLOTS=2\n',
  'a slot=2\n',
  'a cores=2\n',
  'a sockets=2\n',
  'a boards=2\n',
  'a user=bob\n',
  'a port=x\n',
  'a slots=4 max-slots=2\n',
  'a max-slots=0\n',
  'a slots=2 slots=2\n',
  'a slots=2 cpu=2\n',
  'a slots=1\na slots=1\n',
  'a\na slots=2\n',
  'a.one slots=1\na.two slots=1\n',
  'localhost slots=2\n127.0.0.1 slots=2\n',
  'a_b slots=2\n',
  'a_b.c slots=1\n',
  'u@a_b slots=2\n',
  'a:4\n',
  'a,b slots=1\n',
  'a* slots=1\n',
  'fe80::1 slots=2\n',
  '[a] slots=1\n',
  'a/b slots=1\n',
  '"a" slots=2\n',
  '^a\n',
  '+n0\n',
  '+e\n',
  '-a.b slots=1\n',
  '_a.b slots=1\n',
  'a@b@c\n',
  'slots=4\n',
  'slots slots=1\n',
  'cpu slots=2\n',
  'port slots=1\n',
  'a/*x*/slots=2\n',
];

const misread = [
  'a slots:2\n',
  'a.b:4\n',
  '10.0.0.5:4\n',
  'a 4\n',
  'a b slots=2\n',
  '1.2.3.4.5 slots=2\n',
  '999.1.1.1 slots=1\n',
  'u.x@a slots=2\n',
  '@a slots=1\n',
  'u@ slots=1\n',
  '-a slots=1\n',
  '007 slots=1\n',
  'a\na.b\n',
  'a slots=2\na\n',
  'u@a\nv@a\n',
  'a slots=3 /* open\nb slots=1\n',
  'a slots=4294967297\n',
  'rank 0=a slot=0\n',
  'a max-slots=2 slots=3\n',
  'a username=b.ob\n',
  'a port=1 port=2\n',
  'a port=0\n',
];

async function compare(row: string, texts: readonly string[]): Promise<Comparison[]> {
  return severalAtATime(texts, atATime, async (text) => ({
    row,
    text,
    theirs: await askOpenMpi(text),
    ours: askRankwise('mpirun', text),
  }));
}

describe('hostfiles, judged by the real Open MPI', () => {
  it('has the same hosts and slots for those that we wrote', async () => {
    const comparisons = await compare('accepted', accepted);
    expect(comparisons.filter(({ theirs }) => !('hosts' in theirs))).toEqual([]);
    for (const { text, theirs, ours } of comparisons) expect({ text, ours }).toEqual({ text, ours: theirs });
  });

  it('refuses those that we wrote to be refused', async () => {
    const comparisons = await compare('refused', refused);
    expect(comparisons.filter(({ theirs }) => !('refused' in theirs))).toEqual([]);
    expect(comparisons.filter(({ ours }) => !('refused' in ours))).toEqual([]);
  });

  it('says what it makes of those that it takes but reads otherwise than they look', async () => {
    const comparisons = await compare('misread', misread);
    for (const { text, theirs, ours } of comparisons) expect({ text, ours }).toEqual({ text, ours: theirs });
    const severities = misread.map((text) =>
      checkHostfile(text, { launchers: ['mpirun'] }).map(({ severity }) => severity),
    );
    expect(severities.filter((found) => !found.includes('warning') || found.includes('error'))).toEqual([]);
  });

  it('reads what we say, whatever is generated', { timeout: 1_800_000 }, async () => {
    const cases = generateHostfiles(5, 62 * Object.keys(rules).length);
    const comparisons = await severalAtATime(cases, atATime, async ({ row, text }) => ({
      row,
      text,
      theirs: await askOpenMpi(text),
      ours: askRankwise('mpirun', text),
    }));
    const result = report('mpirun', comparisons);
    console.info(result.lines.join('\n'));
    expect(result.falseErrors).toBe(0);
    expect(result.agreement).toBeGreaterThanOrEqual(0.99);
    expect(cases.length).toBeGreaterThanOrEqual(2000);
    expect(Math.min(...result.rows.values())).toBeGreaterThanOrEqual(50);
    expect(result.refused).toBeGreaterThan(0.3);
  });
});
