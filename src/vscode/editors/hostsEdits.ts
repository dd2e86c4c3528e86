import { RankwiseError } from '../../base/errors';
import { setHostfileField } from '../../language/hostfileEditsFields';
import {
  duplicateHostfileLines,
  enableHosts,
  insertHostfileLines,
  moveHostfileLines,
  removeHostfileLines,
  setHostfileLine,
} from '../../language/hostfileEditsLines';
import { pastedHosts } from '../../language/hostfileEditsPaste';
import { hostfileRows } from '../../language/hostfileEditsRows';
import type { TextEdit } from '../../language/types';
import type { HostsEdit, HostsState } from '../../protocol/hosts';

/**
 * What a change of the hosts editor does to the text.
 * @param state of this very text
 * @throws RankwiseError `hostfile.*`, `hosts.noGpus`, for what cannot be done, with the next step
 */
export function hostsEdits(text: string, edit: HostsEdit, state: () => HostsState): TextEdit[] {
  switch (edit.kind) {
    case 'set': {
      const changes = [...new Set(edit.lines)].map((line) => ({ line, value: edit.value }));
      return setHostfileField(text, edit.field, changes);
    }
    case 'setLine':
      return setHostfileLine(text, edit.line, edit.text);
    case 'insert':
      return insertHostfileLines(text, edit.before, pastedHosts(edit.text, usualSlots(text)));
    case 'duplicate':
      return duplicateHostfileLines(text, edit.lines);
    case 'remove':
      return removeHostfileLines(text, edit.lines);
    case 'enable':
      return enableHosts(text, edit.lines, edit.enabled);
    case 'move':
      return moveHostfileLines(text, edit.lines, edit.by);
    case 'fillSlots':
      return fillSlots(text, state());
  }
}

/** The slots of the last host, which a further host most likely has as well; empty where it has no count. */
function usualSlots(text: string): string {
  return hostfileRows(text).findLast(({ kind }) => kind === 'host')?.values.slots?.value ?? '';
}

function fillSlots(text: string, { lines }: HostsState): TextEdit[] {
  const changes = lines.flatMap(({ kind, live }, line) =>
    kind === 'host' && live?.gpus !== null && live?.gpus !== undefined && live.gpus > 0
      ? [{ line, value: String(live.gpus) }]
      : [],
  );
  if (changes.length > 0) return setHostfileField(text, 'slots', changes);
  throw new RankwiseError('hosts.noGpus', 'no GPU is known on any of these hosts', {
    nextStep: 'Check the hosts first.',
  });
}
