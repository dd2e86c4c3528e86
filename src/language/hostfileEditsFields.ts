import { RankwiseError } from '../base/errors';
import { addressPattern, linePattern, userPattern } from '../config/names';
import { hostfileRows, type HostfileField, type HostfileRow } from './hostfileEditsRows';
import type { TextEdit } from './types';

/** Most slots a host may have in a hostfile. */
const mostSlots = 65_536;
const mostPort = 65_535;

/**
 * Sets a field of hosts: nothing but the value changes. An empty value takes the setting away.
 * @param lines zero-based; each of a host, enabled or not
 * @throws RankwiseError `hostfile.noHost`, `hostfile.value` for a value that the field cannot have
 */
export function setHostfileField(
  text: string,
  field: HostfileField,
  changes: readonly { line: number; value: string }[],
): TextEdit[] {
  const rows = hostfileRows(text);
  return changes.flatMap(({ line, value }) => {
    const row = rows[line];
    if (row === undefined || (row.kind !== 'host' && row.kind !== 'disabled')) {
      throw new RankwiseError('hostfile.noHost', `line ${line + 1} holds no host`);
    }
    const wanted = value.trim();
    checkHostfileField(field, wanted);
    if ((row.values[field]?.value ?? '') === wanted) return [];
    return [wanted === '' ? remove(row, field) : write(row, field, wanted)];
  });
}

/** @throws RankwiseError `hostfile.value`: what a field takes, and an example. Empty is allowed for all but the host. */
export function checkHostfileField(field: HostfileField, value: string): void {
  const refuse = (message: string, nextStep: string): never => {
    throw new RankwiseError('hostfile.value', message, { nextStep });
  };
  if (field === 'host') {
    if (!addressPattern.test(value)) {
      refuse(
        value === '' ? 'a host needs a name' : `\`${value}\` is no host`,
        'Write a name or address, such as `node1`.',
      );
    }
  } else if (value === '') return;
  else if (field === 'slots' && !isNumber(value, mostSlots)) {
    refuse(`\`${value}\` is no number of slots`, `Write a whole number from 1 to ${mostSlots}.`);
  } else if (field === 'port' && !isNumber(value, mostPort)) {
    refuse(`\`${value}\` is no port`, `Write a whole number from 1 to ${mostPort}.`);
  } else if (field === 'user' && !userPattern.test(value)) {
    refuse(`\`${value}\` is no user name`, 'Write a name such as `ubuntu`.');
  } else if (field === 'note' && !linePattern.test(value)) {
    refuse('a note is one line of text', 'Take line breaks and control characters out.');
  }
}

function isNumber(value: string, most: number): boolean {
  return /^[1-9]\d{0,9}$/.test(value) && Number(value) <= most;
}

function write(row: HostfileRow, field: HostfileField, value: string): TextEdit {
  const known = row.values[field];
  if (known !== undefined) return { start: known.start, end: known.end, text: value };
  switch (field) {
    case 'user':
      return insert(row.bodyStart, `${value}@`);
    case 'slots':
      return insert(row.values.host?.end ?? row.bodyEnd, ` slots=${value}`);
    case 'port':
      return insert(row.bodyEnd, ` port=${value}`);
    case 'host':
    case 'note':
      return { start: row.bodyEnd, end: row.end, text: ` # ${value}` };
  }
}

function insert(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

function remove(row: HostfileRow, field: HostfileField): TextEdit {
  const { from, end } = row.values[field] ?? { from: row.end, end: row.end };
  if (field === 'note') return { start: from, end: row.end, text: '' };
  const at = field === 'user' && from === row.bodyStart ? 1 : 0;
  return { start: from, end: end + at, text: '' };
}
