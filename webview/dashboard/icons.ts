import type { EventRow, StatusKind, WorkerStateKind } from '../../src/protocol/dashboard';
import type { IconName } from '../shared/icon';

export const statusIcons: Readonly<Record<StatusKind, IconName>> = {
  preparing: 'waiting',
  queued: 'waiting',
  running: 'running',
  stopping: 'stop',
  ended: 'check',
  stopped: 'stop',
  failed: 'cross',
  gone: 'question',
};

export const workerIcons: Readonly<Record<WorkerStateKind, IconName>> = {
  waiting: 'waiting',
  running: 'running',
  slow: 'warning',
  silent: 'warning',
  unreachable: 'question',
  exited: 'check',
  stopped: 'stop',
  failed: 'cross',
  gone: 'question',
};

export const eventIcons: Readonly<Record<EventRow['tone'], IconName>> = {
  plain: 'plain',
  good: 'check',
  warn: 'warning',
  bad: 'cross',
};
