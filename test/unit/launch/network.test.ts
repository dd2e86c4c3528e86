import { describe, expect, it } from 'vitest';
import { chooseNetwork, type NetworkChoice } from '../../../src/launch/network';
import { factsFor, hostsWith } from '../../support/launchSpecs';

/** Facts from lines `eth0 10.0.0.1/16, docker0 172.17.0.1/16`, one per host. */
function choose(lines: string[], ownAddress?: string): NetworkChoice {
  const hosts = hostsWith(...lines.map(() => 2));
  const facts = factsFor(hosts);
  lines.forEach((line, index) => {
    const interfaces = line.split(', ').map((text) => {
      const [name = '', address = '', prefix] = text.split(/[ /]/);
      return { name, address, prefix: Number(prefix) };
    });
    const name = `node${index + 1}`;
    facts[name] = { ...facts[name]!, interfaces, ownAddress };
  });
  return chooseNetwork(hosts, facts);
}

describe('the network of a launch', () => {
  it('is the one all hosts share, whatever its interface is called on each', () => {
    const { network, notes } = choose([
      'docker0 172.17.0.1/16, eth0 192.168.7.4/20',
      'docker0 172.17.0.2/16, ens3 192.168.12.9/20',
    ]);
    expect(network).toEqual({
      cidr: '192.168.0.0/20',
      interface: undefined,
      hosts: {
        node1: { interface: 'eth0', address: '192.168.7.4' },
        node2: { interface: 'ens3', address: '192.168.12.9' },
      },
    });
    expect(notes).toEqual([
      '192.168.0.0/20 (eth0 on node1, ens3 on node2) carries the traffic: all hosts share this network.',
    ]);
  });

  it('holds the addresses by which the hosts reach each other, where they share several', () => {
    const { network } = choose([
      'eth0 192.168.1.1/24, eth1 10.0.0.1/24',
      'eth0 192.168.1.2/24, eth1 10.0.0.2/24',
    ]);
    expect(network?.cidr).toBe('10.0.0.0/24');
  });

  it('is not one on which every host has the same address', () => {
    const { network, notes } = choose([
      'mybridge 192.168.122.1/24, eth0 10.0.1.4/24',
      'mybridge 192.168.122.1/24, eth0 10.0.2.4/24',
    ]);
    expect(network).toBeUndefined();
    expect(notes[0]).toContain('node1: mybridge 192.168.122.1/24, eth0 10.0.1.4/24; node2:');
  });

  it('is the interface with the addresses of the hosts where routers join them', () => {
    const { network, notes } = choose(['eth0 10.0.0.1/32', 'eth0 10.0.0.2/32']);
    expect(network).toMatchObject({ cidr: undefined, interface: 'eth0' });
    expect(notes[0]).toContain('eth0 carries the traffic: it has the addresses by which');
  });

  it('needs no choice on one host, and is a placeholder where nothing was asked', () => {
    expect(choose(['eth0 10.0.0.1/24'])).toEqual({ network: undefined, notes: [] });
    expect(chooseNetwork(hostsWith(1, 1), undefined).notes[0]).toContain('<an interface');
  });

  it('says when a host takes its own name for a loopback address', () => {
    const { notes } = choose(['eth0 10.0.0.1/24', 'eth0 10.0.0.2/24'], '127.0.1.1');
    expect(notes[1]).toContain('node1 takes its own name node1.cluster for 127.0.1.1');
  });
});
