import type { HostModel } from '../config/model';
import type { Facts, HostFacts } from './facts';

/** How the hosts of a launch reach each other. */
export interface Network {
  /** `10.0.0.0/16`; undefined where the hosts reach each other through routers. */
  cidr: string | undefined;
  /** The interface's name, where it is the same on all hosts. */
  interface: string | undefined;
  /** Interface and address on each host, by host name. */
  hosts: Readonly<Record<string, { interface: string; address: string }>>;
}

export interface NetworkChoice {
  /** Undefined where none was found, or none has to be chosen. */
  network: Network | undefined;
  /** For the preview: what was chosen and why, and what of the hosts may get in the way. */
  notes: string[];
}

type Interface = HostFacts['interfaces'][number];

/** Interfaces that lead to containers and virtual machines of the same host. */
const LOCAL_INTERFACES = /^(?:lo|docker|br-|virbr|veth|cni|cali|podman|lxcbr|lxdbr|vmnet)/;

/**
 * Chooses the network over which workers talk: one that all hosts share, with an address of its own for each. Where
 * they share several, the one that holds the addresses by which the hosts reach each other, then the one whose
 * interface has the same name everywhere. A program left to itself may take `docker0` or 127.0.1.1 and hang.
 * @param facts undefined in a preview.
 */
export function chooseNetwork(hosts: readonly HostModel[], facts: Facts | undefined): NetworkChoice {
  const known = hosts.flatMap((host) => {
    const found = facts?.[host.name];
    return found === undefined ? [] : [{ host, found }];
  });
  if (hosts.length < 2) return { network: undefined, notes: [] };
  if (known.length < hosts.length) {
    return { network: undefined, notes: ['<an interface that all hosts share> carries the traffic.'] };
  }
  const own = known.flatMap(({ host, found }) => ownNameNote(host.name, found));
  const candidates = sharedNetworks(hosts, facts ?? {});
  const [network] = [...candidates, ...peerInterfaces(hosts, facts ?? {})];
  if (network === undefined) {
    const each = known.map(({ host, found }) => `${host.name}: ${listed(found.interfaces)}`);
    return {
      network: undefined,
      notes: [
        `The hosts share no network (${each.join('; ')}): the launcher chooses an interface by itself. Name one if it hangs.`,
        ...own,
      ],
    };
  }
  return { network, notes: [`${describe(network)} carries the traffic: ${why(network)}.`, ...own] };
}

function ownNameNote(host: string, { ownAddress, nodeName }: HostFacts): string[] {
  if (ownAddress?.startsWith('127.') !== true) return [];
  return [
    `${host} takes its own name ${nodeName} for ${ownAddress} (its /etc/hosts): programs that announce themselves by name cannot be reached from other hosts.`,
  ];
}

function sharedNetworks(hosts: readonly HostModel[], facts: Facts): Network[] {
  const [first, ...others] = hosts;
  const shared = usable(first, facts).flatMap((own): Network[] => {
    const cidr = networkOf(own);
    const rest = others.map((host) => usable(host, facts).find((one) => networkOf(one) === cidr));
    return toNetwork(hosts, [own, ...rest], cidr);
  });
  const rank = (network: Network): number =>
    (hosts.every(({ name, peer }) => network.hosts[name]?.address === peer) ? 2 : 0) +
    (network.interface === undefined ? 0 : 1);
  return shared.sort((a, b) => rank(b) - rank(a));
}

/** Networks that routers join: the interfaces that have the addresses by which the hosts reach each other. */
function peerInterfaces(hosts: readonly HostModel[], facts: Facts): Network[] {
  const own = hosts.map((host) => usable(host, facts).find(({ address }) => address === host.peer));
  return toNetwork(hosts, own, undefined).filter((network) => network.interface !== undefined);
}

function toNetwork(
  hosts: readonly HostModel[],
  interfaces: readonly (Interface | undefined)[],
  cidr: string | undefined,
): Network[] {
  const found = interfaces.filter((one) => one !== undefined);
  // A bridge for virtual machines has the same address on every host: nobody is reached over it.
  const isDistinct = new Set(found.map(({ address }) => address)).size === hosts.length;
  if (found.length < hosts.length || !isDistinct) return [];
  const names = new Set(found.map(({ name }) => name));
  const pairs = hosts.flatMap((host, index) => {
    const one = found[index];
    return one === undefined ? [] : [[host.name, { interface: one.name, address: one.address }] as const];
  });
  return [
    { cidr, interface: names.size === 1 ? found[0]?.name : undefined, hosts: Object.fromEntries(pairs) },
  ];
}

function usable(host: HostModel | undefined, facts: Facts): Interface[] {
  const interfaces = host === undefined ? [] : (facts[host.name]?.interfaces ?? []);
  return interfaces.filter(
    // A name is given to launchers that glue it into shell text: an odd one is not used.
    ({ name, address }) =>
      /^[\w.:-]+$/.test(name) && !LOCAL_INTERFACES.test(name) && !address.startsWith('127.'),
  );
}

/** Whether an interface leads to containers and virtual machines of its host alone. */
export function isLocalInterface(name: string): boolean {
  return LOCAL_INTERFACES.test(name);
}

/** Whether an IPv4 address lies in a network such as `10.0.0.0/24`; nothing lies in what is not one. */
export function isWithin(address: string, cidr: string): boolean {
  const [, network, bits] = /^([\d.]+)\/(\d+)$/.exec(cidr) ?? [];
  if (network === undefined || bits === undefined) return false;
  const prefix = Number(bits);
  return networkOf({ address, prefix }) === networkOf({ address: network, prefix });
}

/** `10.0.3.7/16` → `10.0.0.0/16`; an address alone (prefix 32) is a network of its own. */
function networkOf({ address, prefix }: Pick<Interface, 'address' | 'prefix'>): string {
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const start = Math.floor(bits / size) * size;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${parts.join('.')}/${prefix}`;
}

function describe({ cidr, interface: name, hosts }: Network): string {
  const names =
    name ??
    Object.entries(hosts)
      .map(([host, own]) => `${own.interface} on ${host}`)
      .join(', ');
  return cidr === undefined ? names : `${cidr} (${names})`;
}

function why({ cidr }: Network): string {
  return cidr === undefined
    ? 'it has the addresses by which the hosts reach each other'
    : 'all hosts share this network';
}

function listed(interfaces: readonly Interface[]): string {
  const names = interfaces.map(({ name, address, prefix }) => `${name} ${address}/${prefix}`);
  return names.length === 0 ? 'no interface known' : names.join(', ');
}
