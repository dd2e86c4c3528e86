import type { HostModel } from '../config/model';
import type { Facts, HostFacts } from './facts';
import { isLocalInterface, isWithin } from './network';

type Interface = HostFacts['interfaces'][number];

/**
 * What may get in the way of the interfaces that a user chose for Open MPI: with one that other hosts do not reach, all
 * ranks wait in MPI_Init without a word.
 * @param own MCA parameters of the user.
 * @param facts undefined in a preview, which has nothing to say.
 */
export function ownInterfaceNotes(
  hosts: readonly HostModel[],
  facts: Facts | undefined,
  own: Readonly<Record<string, string>>,
): string[] {
  if (hosts.length < 2 || facts === undefined) return [];
  const include = own['btl_tcp_if_include'];
  const exclude = own['btl_tcp_if_exclude'];
  return [
    ...(include === undefined ? [] : includeNotes(hosts, facts, words(include))),
    ...(exclude === undefined ? [] : excludeNotes(hosts, facts, words(exclude))),
  ];
}

function includeNotes(hosts: readonly HostModel[], facts: Facts, named: readonly string[]): string[] {
  const without = hosts.filter(({ name }) => !interfacesOf(facts, name).some((one) => isNamed(one, named)));
  if (without.length === 0) return [];
  const each = without.map(({ name }) => `${name} (it has ${listed(interfacesOf(facts, name))})`);
  return [
    `btl_tcp_if_include=${named.join(',')} names nothing on ${each.join(', ')}: its ranks cannot be reached, and all wait in MPI_Init. Name a network instead, such as 10.0.0.0/24.`,
  ];
}

/** Open MPI leaves the loopback interface out by default; a list of the user's own replaces that. */
function excludeNotes(hosts: readonly HostModel[], facts: Facts, named: readonly string[]): string[] {
  const hasLoopback = named.some((word) => word === 'lo' || word.startsWith('127.'));
  const local = hosts.flatMap(({ name }) =>
    interfacesOf(facts, name)
      .filter((one) => isLocalInterface(one.name) && !isNamed(one, named))
      .map((one) => `${one.name} on ${name}`),
  );
  const left = [...(hasLoopback ? [] : ['lo on every host']), ...local];
  const cutOff = hosts.filter(({ name }) => {
    const found = interfacesOf(facts, name);
    return found.length > 0 && found.every((one) => isLocalInterface(one.name) || isNamed(one, named));
  });
  const text = `btl_tcp_if_exclude=${named.join(',')}`;
  return [
    ...(left.length === 0
      ? []
      : [
          `${text} leaves ${left.join(', ')}, over which no other host is reached: the ranks may wait in MPI_Init. Exclude that as well.`,
        ]),
    ...(cutOff.length === 0
      ? []
      : [
          `${text} leaves no network to ${cutOff.map(({ name }) => name).join(', ')}: all ranks would wait in MPI_Init.`,
        ]),
  ];
}

function interfacesOf(facts: Facts, host: string): readonly Interface[] {
  return facts[host]?.interfaces ?? [];
}

/** Whether a list of Open MPI, of names and networks such as 10.0.0.0/24, means an interface. */
function isNamed({ name, address }: Interface, list: readonly string[]): boolean {
  return list.some((word) => word === name || isWithin(address, word));
}

function words(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}

function listed(interfaces: readonly Interface[]): string {
  return interfaces.length === 0 ? 'none known' : interfaces.map(({ name }) => name).join(', ');
}
