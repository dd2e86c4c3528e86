/** What the hosts editor shows of a hostfile, and the changes it asks for. Lines are zero-based. */
import { isBoolean, isNumber, isString, listOf, nullOr, oneOf, shape, type Guard } from './guard';
import { editorToExtension, editorToPage, type EditorToExtension, type EditorToPage } from './editor';

export const hostFields = ['host', 'slots', 'user', 'port', 'note'] as const;
export type HostField = (typeof hostFields)[number];

export const lineKinds = ['host', 'disabled', 'comment', 'blank', 'other'] as const;
/** `disabled` is a host behind `#`; `other` is text that is no host in any dialect. */
export type LineKind = (typeof lineKinds)[number];

export const liveKinds = ['unknown', 'checking', 'reachable', 'unreachable'] as const;

/** What is known of a host now. */
export interface HostLive {
  kind: (typeof liveKinds)[number];
  text: string;
  /** Null where it is not known. */
  gpus: number | null;
  /** Their names, for a tooltip. */
  gpuText: string;
}

export const severities = ['error', 'warning', 'information', 'hint'] as const;

export interface LineProblem {
  severity: (typeof severities)[number];
  message: string;
  line: number;
  character: number;
}

export interface HostLine extends Record<HostField, string> {
  kind: LineKind;
  /** The whole line. */
  text: string;
  /** Settings that have no column, such as `max-slots=8`. */
  more: string;
  /** Null where no cluster has this host. */
  live: HostLive | null;
  /** The worst one, for the launchers that use the file. */
  problem: LineProblem | null;
}

/** Whether a launcher takes the file. */
export interface LauncherChip {
  id: string;
  label: string;
  /** A launch gives the file to it. */
  used: boolean;
  /** The first of the worst problems; null: the file is valid. */
  problem: LineProblem | null;
}

export interface HostsState {
  lines: HostLine[];
  chips: LauncherChip[];
  /** Why hosts cannot be checked now; null: they can. */
  noCheck: string | null;
}

/** Each is one step of undo. */
export type HostsEdit =
  /** An empty value takes the setting away. */
  | { kind: 'set'; lines: number[]; field: HostField; value: string }
  | { kind: 'setLine'; line: number; text: string }
  /** Hosts as a person types or pastes them, put before a line. */
  | { kind: 'insert'; before: number; text: string }
  | { kind: 'duplicate'; lines: number[] }
  | { kind: 'remove'; lines: number[] }
  | { kind: 'enable'; lines: number[]; enabled: boolean }
  | { kind: 'move'; lines: number[]; by: -1 | 1 }
  /** Slots of each host become the number of its GPUs, where that is known and not 0. */
  | { kind: 'fillSlots' };

/** `checkHosts`: connect to the hosts and see what they have. */
export type HostsAsk = 'checkHosts';

export type HostsToExtension = EditorToExtension<HostsEdit, HostsAsk>;
export type HostsToPage = EditorToPage<HostsState>;

const isProblem = shape<LineProblem>({
  severity: oneOf(severities),
  message: isString,
  line: isNumber,
  character: isNumber,
});

const isState = shape<HostsState>({
  lines: listOf(
    shape<HostLine>({
      kind: oneOf(lineKinds),
      text: isString,
      host: isString,
      slots: isString,
      user: isString,
      port: isString,
      note: isString,
      more: isString,
      live: nullOr(
        shape<HostLive>({
          kind: oneOf(liveKinds),
          text: isString,
          gpus: nullOr(isNumber),
          gpuText: isString,
        }),
      ),
      problem: nullOr(isProblem),
    }),
  ),
  chips: listOf(
    shape<LauncherChip>({ id: isString, label: isString, used: isBoolean, problem: nullOr(isProblem) }),
  ),
  noCheck: nullOr(isString),
});

const isLine: Guard<number> = (value): value is number => Number.isInteger(value) && Number(value) >= 0;
const lines = listOf(isLine);
const isStep: Guard<-1 | 1> = (value): value is -1 | 1 => value === -1 || value === 1;

type EditOf<K extends HostsEdit['kind']> = Omit<Extract<HostsEdit, { kind: K }>, 'kind'>;
const edits: { [K in HostsEdit['kind']]: Guard<EditOf<K>> } = {
  set: shape<EditOf<'set'>>({ lines, field: oneOf(hostFields), value: isString }),
  setLine: shape<EditOf<'setLine'>>({ line: isLine, text: isString }),
  insert: shape<EditOf<'insert'>>({ before: isLine, text: isString }),
  duplicate: shape<EditOf<'duplicate'>>({ lines }),
  remove: shape<EditOf<'remove'>>({ lines }),
  enable: shape<EditOf<'enable'>>({ lines, enabled: isBoolean }),
  move: shape<EditOf<'move'>>({ lines, by: isStep }),
  fillSlots: shape({}),
};
const isKind = shape<{ kind: HostsEdit['kind'] }>({
  kind: oneOf(['set', 'setLine', 'insert', 'duplicate', 'remove', 'enable', 'move', 'fillSlots']),
});
const isEdit = (value: unknown): value is HostsEdit => {
  if (!isKind(value)) return false;
  const guard: Guard<unknown> = edits[value.kind];
  return guard(value);
};

/** The message a page sent, or undefined when it is none. */
export const readHostsToExtension = editorToExtension<HostsEdit, HostsAsk>(isEdit, oneOf(['checkHosts']));

/** The message the extension sent, or undefined when it is none. */
export const readHostsToPage = editorToPage<HostsState>(isState);
