import { describe, expect, it } from 'vitest';
import { ownInterfaceNotes } from '../../../src/launch/ownInterfaces';
import { factsFor, hostsWith } from '../../support/launchSpecs';

/** Two hosts with these interfaces, `eth0 10.0.0.1/24, docker0 172.17.0.1/16`. */
function notes(own: Record<string, string>, ...lines: string[]): string[] {
  const hosts = hostsWith(...lines.map(() => 1));
  const facts = factsFor(hosts);
  for (const [index, { name }] of hosts.entries()) {
    const interfaces = (lines[index] ?? '').split(', ').map((text) => {
      const [called = '', address = '', prefix] = text.split(/[ /]/);
      return { name: called, address, prefix: Number(prefix) };
    });
    facts[name] = { ...facts[name]!, interfaces };
  }
  return ownInterfaceNotes(hosts, facts, own);
}

const first = 'eth0 10.0.0.1/24, docker0 172.17.0.1/16';
const second = 'ens5 10.0.0.2/24, docker0 172.17.0.1/16';

describe('interfaces that a user chose for Open MPI', () => {
  it('are right where they lead from every host to the others', () => {
    expect(notes({ btl_tcp_if_exclude: 'lo,docker0' }, first, second)).toEqual([]);
    expect(notes({ btl_tcp_if_exclude: '127.0.0.0/8, 172.17.0.0/16' }, first, second)).toEqual([]);
    expect(notes({ btl_tcp_if_include: '10.0.0.0/16' }, first, second)).toEqual([]);
    expect(notes({ btl_tcp_if_include: 'eth0,ens5' }, first, second)).toEqual([]);
    expect(notes({}, first, second)).toEqual([]);
  });

  it('are told where one host has none of those that are included', () => {
    expect(notes({ btl_tcp_if_include: 'eth0' }, first, second)).toEqual([
      'btl_tcp_if_include=eth0 names nothing on node2 (it has ens5, docker0): its ranks cannot be reached, and all wait in MPI_Init. Name a network instead, such as 10.0.0.0/24.',
    ]);
    expect(notes({ btl_tcp_if_include: '10.1.0.0/16' }, first, second)).toHaveLength(1);
  });

  it('are told where one is left over which no other host is reached', () => {
    expect(notes({ btl_tcp_if_exclude: 'lo' }, first, second)).toEqual([
      'btl_tcp_if_exclude=lo leaves docker0 on node1, docker0 on node2, over which no other host is reached: the ranks may wait in MPI_Init. Exclude that as well.',
    ]);
    expect(notes({ btl_tcp_if_exclude: 'docker0' }, first, second)[0]).toContain('leaves lo on every host');
  });

  it('are told where no network is left', () => {
    expect(notes({ btl_tcp_if_exclude: 'lo,docker0,eth0' }, first, second)).toEqual([
      'btl_tcp_if_exclude=lo,docker0,eth0 leaves no network to node1: all ranks would wait in MPI_Init.',
    ]);
  });

  it('are not judged on one host', () => {
    expect(notes({ btl_tcp_if_include: 'ib0' }, first)).toEqual([]);
  });
});
