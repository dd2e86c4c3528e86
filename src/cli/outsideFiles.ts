import { dirname } from 'node:path';
import { leadsOutside } from '../base/insideFolder';
import { addressName } from '../config/clusterHosts';
import { parseHostfile } from '../config/hostfile/hostfile';
import type { ConfigModel, FileProblem, NamedFile } from '../config/model';

/**
 * Problems without any text of the files outside of the folder of the `rankwise.yaml` that names them: whoever proposes a
 * change of a repository could make a public log show any file of the machine that checks it. Each such file with problems
 * has one, which says how many; a problem elsewhere that quotes one keeps its place and code.
 * @param asked absolute paths that a person names: they are shown
 */
export function hideOutside(
  problems: readonly FileProblem[],
  model: ConfigModel,
  asked: ReadonlySet<string>,
): FileProblem[] {
  const folder = dirname(model.file);
  const outside = (model.files ?? []).filter(
    ({ path, text }) => text !== undefined && !asked.has(path) && leadsOutside(folder, path),
  );
  if (outside.length === 0) return [...problems];
  const names = new Map(outside.map((file) => [file.path, namesOf(file)]));
  const own = problems.filter(({ file }) => !names.has(file));
  return [
    ...own.map((problem) => {
      const quoted = [...names].find(([path, hosts]) => quotes(problem.message, path, hosts))?.[0];
      if (quoted === undefined) return problem;
      const message = `This does not fit ${quoted}, whose text is not shown, as it lies outside of ${folder}. ${nextStep}`;
      return { ...problem, message };
    }),
    ...[...names.keys()].flatMap((path) => counted(path, problems, folder)),
  ];
}

const nextStep = 'Check that file by its own name.';

/** One problem for all of a file. */
function counted(path: string, problems: readonly FileProblem[], folder: string): FileProblem[] {
  const found = problems.filter(({ file }) => file === path);
  const worst = (['error', 'warning', 'information'] as const).find((one) =>
    found.some(({ severity }) => severity === one),
  );
  if (worst === undefined) return [];
  const count = found.length === 1 ? '1 finding, which is' : `${found.length} findings, which are`;
  const message = `This file has ${count} not shown, as it lies outside of ${folder}. ${nextStep}`;
  const start = { line: 0, character: 0 };
  return [{ code: 'hostfile.outside', severity: worst, message, range: { start, end: start }, file: path }];
}

/** What messages call the hosts of a hostfile; the other kinds are never read from outside. */
function namesOf({ text = '' }: NamedFile): Set<string> {
  const names = parseHostfile(text).entries.flatMap(({ host }) => [host, addressName(host)]);
  return new Set(names.filter((name) => name !== ''));
}

/** Whether a message repeats a line of a file or names one of its hosts. */
function quotes(message: string, path: string, hosts: ReadonlySet<string>): boolean {
  return message.includes(`${path}, line `) || [...hosts].some((host) => isWordOf(message, host));
}

function isWordOf(message: string, word: string): boolean {
  for (let at = message.indexOf(word); at >= 0; at = message.indexOf(word, at + 1)) {
    const around = `${message[at - 1] ?? ''}${message[at + word.length] ?? ''}`;
    if (!/[A-Za-z0-9]/.test(around)) return true;
  }
  return false;
}
