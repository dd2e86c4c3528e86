import { randomBytes } from 'node:crypto';
import { labCommand } from './labCommand';

/**
 * Adds a bridge and finds a subnet for it that nothing here uses.
 *
 * @param ours whether we get an address on it (.254); without one nothing on it can be reached from here
 * @param taken subnets chosen already that no route names
 * @returns the first three numbers of the subnet's addresses
 */
export async function makeBridge(
  bridge: string,
  ours: boolean,
  taken: readonly string[] = [],
): Promise<string> {
  await labCommand('ip', 'link', 'add', bridge, 'type', 'bridge');
  const inUse = await labCommand('ip', '-4', 'route', 'show', 'table', 'all');
  const free = Array.from({ length: 256 }, (_, n) => `10.77.${n}`).filter(
    (net) => !inUse.includes(`${net}.`) && !taken.includes(net),
  );
  const subnet = free[randomBytes(1).readUInt8() % Math.max(free.length, 1)];
  if (subnet === undefined) throw new Error('every subnet below 10.77.0.0/16 is in use here');
  if (ours) await labCommand('ip', 'address', 'add', `${subnet}.254/24`, 'dev', bridge);
  await labCommand('ip', 'link', 'set', bridge, 'up');
  return subnet;
}
