import { Document, isMap, isSeq, visit } from 'yaml';
import { entryNamePattern } from '../config/names';
import { quote } from '../ssh/quote';
import { draftCluster } from './draftCluster';
import type { ImportContext } from './importContext';
import { literalText, type LaunchDraft } from './launchDraft';
import { baseName } from './readLaunch';

/** An entry of `rankwise.yaml`: its name, and its value as block YAML. */
export interface ImportedEntry {
  name: string;
  yaml: string;
}

/** A file beside `rankwise.yaml`, without directories in its path. */
export interface ImportedFile {
  path: string;
  text: string;
}

export interface ImportedLaunch {
  launch: ImportedEntry;
  /** The cluster that the launch names, where it brings one. */
  cluster?: ImportedEntry;
  /** What could not be kept, each with the reason; also comments in `launch.yaml`. */
  dropped: string[];
  /** A file that the launch needs beside `rankwise.yaml`. */
  file?: ImportedFile;
}

/** The YAML of a launch, and of a cluster for it unless there is one. */
export function renderLaunch(
  draft: LaunchDraft,
  context: ImportContext,
  existing: string | undefined,
): ImportedLaunch {
  const cluster = existing === undefined ? draftCluster(draft, context) : undefined;
  if (existing !== undefined) dropCluster(draft, context, existing);
  const lines = existing === undefined ? [] : context.setup;
  spreadProcesses(draft, cluster !== undefined && Array.isArray(cluster.value['hosts']));
  const { script } = draft.own;
  if (script !== undefined) {
    for (const assigned of [...draft.assignments, ...lines]) draft.drop(assigned, 'put it into the script');
  }
  const value = {
    cluster: existing ?? cluster?.name ?? 'hosts',
    launcher: draft.launcher,
    command: script === undefined ? commandOf(draft, lines) : undefined,
    np: draft.np,
    nodes: draft.nodes,
    gpus: draft.gpus,
    env: draft.env,
    [draft.launcher]: { ...draft.own, args: draft.args },
  };
  const notes = [...draft.notes, ...(cluster?.notes ?? [])];
  const comments = [...notes, ...draft.dropped.map((line) => `Left out: ${line}`)];
  return {
    launch: { name: nameOf(draft), yaml: toYaml(value, comments) },
    ...(cluster === undefined
      ? {}
      : { cluster: { name: cluster.name, yaml: toYaml(cluster.value, cluster.notes) } }),
    dropped: [...draft.dropped],
  };
}

/** Processes per host: slots where the hosts are listed, else the number of GPUs, which counts for every host. */
function spreadProcesses(draft: LaunchDraft, hasHosts: boolean): void {
  if (draft.perHost === undefined) return;
  if (hasHosts) draft.np = draft.perHost * (draft.nodes ?? Math.max(1, draft.hosts.length));
  else draft.gpus = draft.perHost;
}

function dropCluster(draft: LaunchDraft, context: ImportContext, cluster: string): void {
  const say = `cluster ${cluster} says that`;
  if (draft.hostfile !== undefined) draft.drop(draft.hostfile, `${say}: the hostfile`);
  for (const { host, slots } of draft.hosts)
    draft.drop(slots === undefined ? host : `${host}:${slots}`, `${say}: hosts`);
  if (draft.workdir !== undefined) draft.drop(draft.workdir, `${say}: \`workdir:\``);
  if (context.head !== undefined) draft.drop(context.head.host, `${say}: \`head:\``);
}

/**
 * A list where every word is literal; else text for bash, with every word as it was written.
 * @param lines what prepares the shell and is in no cluster
 */
function commandOf(draft: LaunchDraft, lines: readonly string[]): string | string[] {
  const { command, assignments, tail } = draft;
  const texts = command.flatMap(({ text, plain }) => (text === undefined || !plain ? [] : [text]));
  for (const { source, isPlaceholder } of command) {
    if (isPlaceholder === true) draft.notes.push(`Fill in ${source} in the command.`);
  }
  const isLiteral = texts.length === command.length && assignments.length + lines.length + tail.length === 0;
  if (isLiteral && texts[0]?.trim() !== '') return texts.map(literalText);
  const words = command.map(({ source, text, isPlaceholder }) =>
    isPlaceholder === true ? quote(text ?? source) : source,
  );
  return [...lines, [...assignments, ...words].join(' ') + tail].join('\n');
}

/** From `-J`, else the script or module that the command names. */
function nameOf({ name, own, command, launcher }: LaunchDraft): string {
  const script = typeof own['script'] === 'string' ? own['script'] : undefined;
  const words = command.map(({ source }) => source).join(' ');
  const file = /(?:^|[\s/'"])([\w.-]+)\.(?:py|sh|R|jl)(?=$|[\s'"])/.exec(words)?.[1];
  const module = /(?:^|\s)-m ([\w.]+)/.exec(words)?.[1];
  const found = name ?? script ?? module ?? file ?? (command[0] === undefined ? '' : baseName(command[0]));
  const base = found.slice(found.lastIndexOf('/') + 1).replace(/(?<=.)\.(?:py|sh|R|jl|sbatch|slurm)$/, '');
  const clean = base
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  const isName = entryNamePattern.test(clean) && /[A-Za-z0-9]/.test(clean) && clean !== '__proto__';
  return isName ? clean : launcher;
}

/** Block YAML with lists on one line. Keys without a value, empty lists and mappings are left out. */
function toYaml(value: Record<string, unknown>, comments: readonly string[]): string {
  const document = new Document(withoutEmpty(value), { compat: 'yaml-1.1' });
  visit(document, {
    Seq: (_key, node) => void (node.flow = node.items.every((item) => !isMap(item) || item.items.length < 6)),
    Map: (_key, node, path) => {
      if (path.some((parent) => isSeq(parent))) node.flow = true;
    },
  });
  const body = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return comments.map((line) => `# ${commentText(line)}\n`).join('') + body;
}

function withoutEmpty(value: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
    if (part === undefined || (Array.isArray(part) && part.length === 0)) return [];
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return [[key, part]];
    const inner = withoutEmpty(part as Record<string, unknown>);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries);
}

const longestComment = 300;

/** One line without control characters. */
function commentText(line: string): string {
  const clean = line.replaceAll(/[\p{Cc}\u2028\u2029\ufeff]+/gu, ' ');
  return clean.length > longestComment ? `${clean.slice(0, longestComment)}…` : clean;
}
