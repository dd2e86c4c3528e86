import { posix } from 'node:path';
import { hostNamePattern, remotePathPattern } from '../config/names';
import type { ImportContext } from './importContext';
import { unknownHostfile, type DraftHost, type LaunchDraft } from './launchDraft';

/** A cluster as the command tells it, as values of `rankwise.yaml`. */
export interface DraftCluster {
  name: string;
  value: Record<string, unknown>;
  notes: string[];
}

const HERE = { host: 'localhost', local: true };

/**
 * The hosts of a command: those it lists, those of its hostfile, the host that `ssh` led to, or this machine. They run
 * in the directory and after the lines that came before the command.
 */
export function draftCluster(draft: LaunchDraft, context: ImportContext): DraftCluster {
  const workdir =
    draft.workdir !== undefined && remotePathPattern.test(draft.workdir) ? draft.workdir : undefined;
  if (draft.workdir !== undefined && workdir === undefined) {
    draft.drop(draft.workdir, 'it cannot be a directory on a host');
  }
  if (draft.hostfile !== undefined) {
    for (const { host } of draft.hosts) draft.drop(host, 'the hostfile says which hosts there are');
  }
  const { name, value, notes = [] } = where(draft, context);
  return { name, value: { ...value, workdir, setup: context.setup }, notes };
}

type Where = Omit<DraftCluster, 'notes'> & { notes?: string[] };

function where(draft: LaunchDraft, { head }: ImportContext): Where {
  if (draft.launcher === 'slurm') return { name: head?.host ?? 'slurm', value: { login: head ?? HERE } };
  if (draft.hostfile !== undefined) return byHostfile(draft, draft.hostfile, head);
  if (draft.hosts.length > 0) return byList(draft, head);
  if (draft.nodes !== undefined && draft.nodes > 1) {
    return unknownHosts(head, `The command does not say which ${draft.nodes} hosts it means.`);
  }
  const slots = draft.perHost ?? draft.np ?? draft.gpus;
  const host = { ...(head ?? HERE), slots };
  return { name: head?.host ?? 'here', value: { hosts: [host] } };
}

function byHostfile(draft: LaunchDraft, path: string, head: ImportContext['head']): Where {
  if (path === unknownHostfile && draft.dropped.some((line) => /hostfile|-H/.test(line))) {
    return unknownHosts(head, 'The command does not say where its hostfile is.');
  }
  const isOwn = path.startsWith('/') || path.startsWith('~');
  const joined = isOwn || draft.workdir === undefined ? path : posix.join(draft.workdir, path);
  const name = clusterName(path);
  if (head === undefined) return { name, value: { hosts: joined } };
  return { name, value: { hosts: { onHead: joined }, head } };
}

function unknownHosts(head: ImportContext['head'], why: string): Where {
  const notes = [`${why} Write the hosts into the file \`${unknownHostfile}\`, or a list here.`];
  return { name: 'hosts', value: { hosts: unknownHostfile, head }, notes };
}

/** On the machine itself its own names mean no SSH; behind `ssh` they mean the host that it led to. */
function byList(draft: LaunchDraft, head: ImportContext['head']): Where {
  const hosts = draft.hosts.map((host: DraftHost) => {
    const slots = draft.perHost ?? host.slots;
    if (!/^(?:localhost|127\.0\.0\.1)$/.test(host.host)) return { ...host, slots };
    return { ...(head ?? HERE), slots };
  });
  const name = draft.hosts.length === 1 ? clusterName(draft.hosts[0]?.host ?? '') : 'hosts';
  const isListed = hosts.some(({ host }) => host === head?.host);
  return { name, value: { hosts, head: isListed ? head?.host : head } };
}

function clusterName(path: string): string {
  const base = posix.basename(path).replace(/\.[a-z]+$/i, '');
  const name = base.replaceAll(/[^\w.-]+/g, '-');
  return hostNamePattern.test(name) && name !== 'practice' ? name.slice(0, 60) : 'hosts';
}
