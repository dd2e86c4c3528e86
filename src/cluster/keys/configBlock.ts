import type { KeyNames } from './keyNames';
import type { KeyState } from './keyState';

/** Older OpenSSH refuses lines of more than 1023 characters. */
const namesPerLine = 20;
const charactersPerLine = 900;

/**
 * The lines of ~/.ssh/config that make the hosts use their key for each other, and for nobody else.
 * @param user who the file belongs to.
 */
export function configBlock(names: KeyNames, user: string, states: readonly KeyState[]): string[] {
  const groups = new Map<string, { settings: string[]; peers: Set<string> }>();
  for (const { peers, port, user: login } of states) {
    const settings = [
      `  IdentityFile ~/.ssh/${names.keyFile}`,
      ...(port === 22 ? [] : [`  Port ${port}`]),
      ...(login === user ? [] : [`  User ${login}`]),
    ];
    const group = groups.get(settings.join()) ?? { settings, peers: new Set() };
    for (const peer of peers) group.peers.add(peer);
    groups.set(settings.join(), group);
  }
  const stanzas = [...groups.values()].flatMap(({ settings, peers }) =>
    chunks([...peers]).flatMap((some) => [`Host ${some.join(' ')}`, ...settings]),
  );
  return [names.beginMarker, ...stanzas, names.endMarker];
}

function chunks(peers: readonly string[]): string[][] {
  const result: string[][] = [];
  let length = 0;
  for (const peer of peers) {
    const last = result.at(-1);
    if (last === undefined || last.length === namesPerLine || length + peer.length > charactersPerLine) {
      result.push([peer]);
      length = peer.length;
    } else {
      last.push(peer);
      length += peer.length + 1;
    }
  }
  return result;
}
