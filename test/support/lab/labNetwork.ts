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
  for (;;) {
    const inUse = await labCommand('ip', '-4', 'route', 'show', 'table', 'all');
    const free = Array.from({ length: 256 }, (_, n) => `10.77.${n}`).filter(
      (net) => !inUse.includes(`${net}.`) && !taken.includes(net),
    );
    const subnet = free[randomBytes(1).readUInt8() % Math.max(free.length, 1)];
    if (subnet === undefined) throw new Error('every subnet below 10.77.0.0/16 is in use here');
    const address = [`${subnet}.254/24`, 'dev', bridge];
    if (ours) await labCommand('ip', 'address', 'add', ...address);
    await labCommand('ip', 'link', 'set', bridge, 'up');
    const owners = (await labCommand('ip', '-4', '-brief', 'address')).split(` ${subnet}.254/24`).length - 1;
    if (!ours || owners === 1) return subnet;
    // Another lab, which was made at the same moment, has chosen it too.
    await labCommand('ip', 'address', 'delete', ...address);
  }
}
