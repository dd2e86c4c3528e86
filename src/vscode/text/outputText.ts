import type { OutputFile } from '../../runs/leaves/listOutputs';
import { count, formatBytes, formatTimeOfDay, joinParts } from '../../text/format';
import { rowContexts } from '../ids';
import type { OutputList } from '../outputs/outputLists';
import { withoutName } from './hostText';
import type { Row } from './row';

/** The row above the files of a run. @param globs `outputs:` of its launch */
export function outputsRow(globs: readonly string[], list: OutputList | undefined): Row {
  const description =
    list === undefined ? globs.join(', ') : joinParts([silentText(list), sizes(list.files)]);
  const at = list === undefined ? [] : [`as of ${formatTimeOfDay(list.at)}`];
  return {
    label: 'Outputs',
    description,
    tooltip: [`Files that match ${globs.join(', ')} below the workdir`, description, ...at].join('\n'),
    icon: { id: 'folder-library' },
    contextValue: rowContexts.outputs,
  };
}

/** The row of a host that has some of them. */
export function outputHostRow(host: string, files: readonly OutputFile[]): Row {
  const description = sizes(files);
  return { label: host, description, tooltip: `${host}: ${description}`, icon: { id: 'vm' } };
}

/** The row of a host that did not say what it has. */
export function silentHostRow({ host, reason }: OutputList['silent'][number]): Row {
  const icon = { id: 'warning', color: 'list.warningForeground' };
  const description = withoutName(host, reason);
  return { label: host, description, tooltip: `${host}: ${description}`, icon };
}

/** The row where there is nothing. @param globs `outputs:` of the launch */
export function noOutputsRow(globs: readonly string[]): Row {
  const description = `none matches ${globs.join(', ')}`;
  return { label: 'No files', description, tooltip: `No file ${description}`, icon: { id: 'info' } };
}

/** The row that stands for the files which are not listed. */
export function moreOutputsRow(more: number): Row {
  const description = 'older ones: the command "Open Output…" finds them';
  return {
    label: `${more.toLocaleString('en-US')} more`,
    description,
    tooltip: description,
    icon: { id: 'ellipsis' },
  };
}

/**
 * The row of a file; its directory comes last, where a narrow side bar cuts.
 * @param now milliseconds since the epoch
 */
export function outputRow(file: OutputFile, now: number): Row {
  const { name, directory } = splitPath(file.path);
  return {
    label: name,
    description: joinParts([outputFacts(file, now), directory]),
    tooltip: [`${file.path} on ${file.host}`, outputFacts(file, now)].join('\n'),
    icon: { id: 'file' },
    contextValue: rowContexts.output,
  };
}

/** `4.2 MB · 12:03`; what the run did not write itself says so. @param now milliseconds since the epoch */
export function outputFacts({ bytes, modifiedAt, isNew }: OutputFile, now: number): string {
  return joinParts([formatBytes(bytes), moment(modifiedAt, now), isNew ? undefined : 'before this run']);
}

/** The name of a file, and the directory it is in: empty at the top. */
export function splitPath(path: string): { name: string; directory: string } {
  const slash = path.lastIndexOf('/');
  return { name: path.slice(slash + 1), directory: slash < 0 ? '' : path.slice(0, slash) };
}

function sizes(files: readonly OutputFile[]): string {
  if (files.length === 0) return 'no files';
  return joinParts([
    count(files.length, 'file'),
    formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
  ]);
}

function silentText({ silent }: OutputList): string | undefined {
  return silent.length === 0 ? undefined : `${count(silent.length, 'host')} did not answer`;
}

/** The time of day, or the date where that was not today. */
function moment(at: number, now: number): string {
  const day = (time: number): string => new Date(time).toLocaleDateString('sv-SE');
  return day(at) === day(now) ? formatTimeOfDay(at) : day(at);
}
