import type { LauncherName } from '../model';
import { LineIndex } from '../lineIndex';
import { checkHostfile } from './checkHostfile';
import { readHostfile } from './readHostfile';

/**
 * Why no launch may start with a hostfile: the launcher refuses it, or would give ssh a host that ssh takes for an option.
 * @param launcher the one that reads it (`hostfileReader`)
 * @returns the first reason with its line, counted from 1; undefined where there is none
 */
export function hostfileRefusal(
  text: string,
  launcher: LauncherName,
): { line: number; message: string } | undefined {
  const problem = checkHostfile(text, { launchers: [launcher] }).find(({ severity }) => severity === 'error');
  if (problem !== undefined) return { line: problem.range.start.line + 1, message: problem.message };
  const option = readHostfile(text, launcher).hosts.find(
    ({ host, user }) => host.startsWith('-') || user?.startsWith('-') === true,
  );
  if (option === undefined) return undefined;
  const { host, user } = option;
  const word = host.startsWith('-') ? host : (user ?? '');
  const message = `ssh would take \`${word}\` for an option. Use the address or another name.`;
  return { line: new LineIndex(text).position(option.start).line + 1, message };
}
