import type { HostField } from '../../src/protocol/hosts';

export interface Column {
  id: 'enabled' | HostField | 'state' | 'gpus';
  label: string;
  /** What is edited there; absent: nothing. */
  field?: HostField;
}

/** In reading order, behind the line number. */
export const columns: readonly Column[] = [
  { id: 'enabled', label: 'Use' },
  { id: 'host', label: 'Host', field: 'host' },
  { id: 'slots', label: 'Slots', field: 'slots' },
  { id: 'user', label: 'User', field: 'user' },
  { id: 'port', label: 'Port', field: 'port' },
  { id: 'note', label: 'Note', field: 'note' },
  { id: 'state', label: 'State' },
  { id: 'gpus', label: 'GPUs' },
];

/** Where the host stands in {@link columns}. */
export const hostColumn = 1;
