import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseHostfile } from '../../src/config/hostfile/hostfile';
import { openMpiName } from '../../src/config/hostfile/openMpiNames';

/** Hosts and slots, or the words of the refusal. */
type Verdict = { hosts: Record<string, number> } | { refused: string };

/** What Open MPI takes but misreads in silence, or takes in a way that a person would not expect: ours refuses it. */
const stricter = new Set([
  'hostfile.ignoredWord',
  'hostfile.colon',
  'hostfile.address',
  'hostfile.host',
  'hostfile.missingHost',
  'hostfile.nameForOpenMpi',
  'hostfile.userForOpenMpi',
  'hostfile.user',
  'hostfile.sameForOpenMpi',
  'hostfile.duplicateHost',
  'hostfile.duplicateKey',
  'hostfile.maxSlots',
  'hostfile.slots',
  'hostfile.port',
  'hostfile.unclosedComment',
]);

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

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rankwise-hostfiles-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Asks the real mpirun, which reads the file and maps one process to each host, without starting anything. */
async function askOpenMpi(text: string): Promise<Verdict> {
  const file = join(folder, 'hosts');
  await writeFile(file, text);
  const args = ['--allow-run-as-root', '--do-not-launch', '--map-by', 'ppr:1:node', '--display-allocation'];
  const output = await new Promise<{ stdout: string; stderr: string }>((done, fail) => {
    execFile(
      'mpirun',
      [...args, '-hostfile', file, 'true'],
      // Two mpiruns of one account take away each other's directory below the temporary one.
      { env: { ...process.env, RES_OPTIONS: 'timeout:1 attempts:1', TMPDIR: folder } },
      (error, stdout, stderr) => {
        // It ends with an error even when the file is fine, because nothing may be launched.
        if (error?.code === 'ENOENT') fail(new Error('mpirun is not installed', { cause: error }));
        else done({ stdout, stderr });
      },
    );
  });
  const complaint =
    /parse error|bad parameter|multiple definitions|illegal character|Unhandled user@host|already filled|No nodes are available|relative host|can support/.exec(
      output.stderr,
    );
  if (complaint !== null) return { refused: complaint[0] };
  const hosts: Record<string, number> = {};
  for (const [, name = '', slots] of output.stdout.matchAll(/Data for node: (\S+)\s+Num slots: (\d+)/g)) {
    hosts[name] = Number(slots);
  }
  if (Object.keys(hosts).length === 0) throw new Error(`mpirun said neither yes nor no: ${output.stderr}`);
  return { hosts };
}

/** Ours in the same form. Without launching, Open MPI shows one slot for a host whose cores it would count. */
function askRankwise(text: string): Verdict & { codes: string[] } {
  const { entries, problems } = parseHostfile(text);
  const codes = problems('mpirun').map(({ code }) => code);
  if (codes.length > 0) return { refused: codes.join(' '), codes };
  const local = hostname().split('.', 1)[0] ?? '';
  const name = (host: string): string => (openMpiName(host) === 'localhost' ? local : openMpiName(host));
  return { hosts: Object.fromEntries(entries.map(({ host, slots }) => [name(host), slots ?? 1])), codes };
}

describe('hostfiles, judged by the real Open MPI', () => {
  it.each(accepted)('%j: same hosts, same slots', async (text) => {
    const theirs = await askOpenMpi(text);
    expect(theirs).toHaveProperty('hosts');
    expect(askRankwise(text)).toMatchObject(theirs);
  });

  it.each(refused)('%j: refused by both', async (text) => {
    expect(await askOpenMpi(text)).toHaveProperty('refused');
    expect(askRankwise(text)).toHaveProperty('refused');
  });

  it.each(misread)('%j: taken by Open MPI, refused by us with a documented reason', async (text) => {
    expect(await askOpenMpi(text)).toHaveProperty('hosts');
    const { codes } = askRankwise(text);
    expect(codes).not.toEqual([]);
    expect(codes.filter((code) => !stricter.has(code))).toEqual([]);
  });
});
