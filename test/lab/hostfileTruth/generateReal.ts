import type { HostfileCase } from './generate';
import { Random } from './random';

/** Hostfiles in the forms that people publish: of manuals, questions, cluster guides and tests of launchers. */
const published = [
  '# This is a comment line, and will be ignored\nnode01  slots=10\nnode13  slots=5\n\nnode15\nnode16\nnode17  slots=3\n',
  'host1 slots=8 max-slots=8\nhost2 slots=8 max-slots=8\nhost3 slots=8 max-slots=8\n',
  '  # The following node is a quad-processor machine\n  yow.example.com slots=4 max-slots=4\n',
  'your.hostname.domain slots=8 max-slots=8 # for each node\n',
  '  squid_0.uzh.example  slots=3  max-slots=3\n  squid_1.uzh.example  slots=2  max-slots=2\n  triops.uzh.example   slots=8 max-slots=8\n',
  'localhost slots=8\nnotebookv2-5755710f7b7b-1637033279-worker-0 slots=8\n',
  '    worker-1 slots=2\n    worker-2 slots=2\n\n    localhost slots=1\n    123.23.12.10 slots=2\n\n    #worker-1 slots=3\n    # this is a comment\n\n    ',
  'worker-0 slots=4\nworker-1 slots=4\n',
  'master-1 slots=4\nworker-1 slots=4\n',
  'n01:4\nn02:4\nn03:4\n',
  '10.0.0.5:8\n10.0.0.6:8\n',
  'node1\nnode1\nnode2\nnode2\n',
  '172.31.22.1\n172.31.22.2:2222\n',
  'ubuntu@ec2-3-8-1-2.compute.example slots=8\nubuntu@ec2-3-8-1-3.compute.example slots=8\n',
  'node-a cpu=2\nnode-b count=4 // spare\n/* off:\nnode-c slots=2 */\n',
  '# GPU nodes\r\ngpu01 slots=4\r\ngpu02 slots=4\r\n',
  'rank 0=node01 slot=0\nrank 1=node02 slot=0:1\n',
  'node[01-04] slots=8\n',
  'hostA slots = 2\nhostB slots= 2\n',
  'c0-0 slots=2 port=2222\nc0-1 slots=2 username=mpi\n',
  '192.168.1.10 slots=4 # head\n192.168.1.11 slots=4\t# Zoë’s\n',
  'Node01 slots=1\nnode01 slots=1\n',
  'a100-1.cluster.local slots=8\na100-2.cluster.local slots=8\n',
];
const characters = ' \t\n#=:@._-[],;/*"\'+^0128aAzZ\r\f\\(){}<>|&$!?%~`é\u00a0\u3000\u00b2';

/** Published hostfiles with a few characters, words or lines taken out, doubled, swapped or put in. */
export function generateFromReal(seed: number, number: number): HostfileCase[] {
  const random = new Random(seed);
  return Array.from({ length: number }, (_, index) => {
    let text = published[index % published.length] ?? '';
    for (let change = random.below(4); change > 0; change--) text = changed(random, text);
    return { row: 'published', text };
  });
}

function changed(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + random.below(6));
  const lines = text.split('\n');
  const line = random.below(lines.length);
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.pick(Array.from(characters)) + text.slice(at);
    case 3:
      return text.slice(0, at) + random.pick(Array.from(characters)) + text.slice(at + 1);
    case 4:
      return lines.toSpliced(line, 1).join('\n');
    case 5:
      return lines.toSpliced(random.below(lines.length + 1), 0, lines[line] ?? '').join('\n');
    default:
      return text.replace(/\d+/, () => String(random.pick([0, 1, 7, 65536, 4294967296, '', 'x', '1.5'])));
  }
}
