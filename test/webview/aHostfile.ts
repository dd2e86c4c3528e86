import type { HostField, HostLine, HostsState, LineKind } from '../../src/protocol/hosts';

/** A line of a hostfile as the page is told of it; `name` is empty for one that is no host. */
export function aLine(name: string, change: Partial<HostLine> = {}): HostLine {
  const kind: LineKind = change.kind ?? (name === '' ? 'blank' : 'host');
  const fields: Record<HostField, string> = { host: name, slots: '4', user: '', port: '', note: '' };
  return {
    ...(name === '' ? { host: '', slots: '', user: '', port: '', note: '' } : fields),
    kind,
    text: name === '' ? '' : `${kind === 'disabled' ? '#' : ''}${name} slots=${change.slots ?? '4'}`,
    more: '',
    live: null,
    problem: null,
    ...change,
  };
}

/** What the page is told of a hostfile with these lines. */
export function aHostfile(lines: HostLine[], change: Partial<HostsState> = {}): HostsState {
  return {
    lines,
    chips: [
      { id: 'mpirun', label: 'Open MPI', used: true, problem: null },
      { id: 'horovodrun', label: 'horovodrun', used: false, problem: null },
    ],
    noCheck: null,
    ...change,
  };
}
