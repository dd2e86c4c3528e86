import type { Problem } from '../config/problem';
import type { Path } from '../config/yamlPath';
import type { RankwiseContext } from './rankwiseContext';
import { placesOf, rankwiseFile, sameRange, type PlaceInFile, type RankwiseFile } from './rankwiseFile';
import { missingKeyFixes } from './rankwiseFixMissing';
import { nearest } from './rankwiseFixNear';
import { removal } from './rankwiseRemove';
import { likeWritten } from './rankwiseScalar';
import { textAt } from './rankwiseTree';
import type { Fix } from './types';

/** Changes that mend a problem of this very text, the most certain first. */
export function rankwiseFixes(text: string, problem: Problem, context: RankwiseContext): Fix[] {
  const file = rankwiseFile(text);
  if (file.root === undefined) return missingKeyFixes(file, problem);
  const replace = (title: string, newText: string, preferred = false): Fix => ({
    title,
    code: problem.code,
    edits: [{ start, end, text: newText }],
    ...(preferred && { preferred }),
  });
  const start = file.lines.offset(problem.range.start);
  const end = file.lines.offset(problem.range.end);
  const written = text.slice(start, end);
  const place = placeOf(file, problem);
  const path = place?.path ?? [];
  switch (problem.code) {
    case 'rankwise.missingKey':
      return missingKeyFixes(file, problem);
    case 'rankwise.unknownKey':
    case 'rankwise.unknownCluster':
    case 'rankwise.unknownLaunch':
    case 'rankwise.unknownParameter':
    case 'rankwise.invalidValue':
    case 'rankwise.launcherOption':
      return nearest(file, problem, place, context).map(({ value, isNear }) =>
        replace(`Change to \`${value}\``, likeWritten(written, value), isNear),
      );
    case 'rankwise.unknownReference':
      return nearest(file, problem, place, context).map(({ value }) =>
        replace(`Change to \`${value}\``, value, true),
      );
    case 'rankwise.wrongType':
      return problem.message.includes('Put it in quotes.')
        ? [replace('Put it in quotes', JSON.stringify(written), true)]
        : [];
    case 'rankwise.practiceLauncher':
      return [replace('Change to `ssh`', 'ssh', true)];
    case 'rankwise.plainSecret':
      return place === undefined ? [] : secretFixes(place, replace);
    case 'rankwise.workdir': {
      const value = textAt(file.root, path) ?? '';
      const mended = workdirMended(value);
      return mended === value ? [] : [replace(`Change to \`${mended}\``, likeWritten(written, mended), true)];
    }
    case 'rankwise.unusedOptions':
    case 'rankwise.unusedParameter':
    case 'rankwise.partitionTwice':
    case 'rankwise.excludesNothing':
    case 'rankwise.valueTwice':
    case 'rankwise.optionTwice':
    case 'rankwise.hostsAndLogin':
      return removalFix(file, path, problem);
    default:
      return [];
  }
}

/** The key or value that a problem underlines. */
function placeOf(file: RankwiseFile, { range, code }: Problem): PlaceInFile | undefined {
  const found: PlaceInFile[] = [];
  for (const place of placesOf(file)) {
    const { lines } = file;
    if (sameRange(lines.range(place.start, place.end), range)) found.push(place);
  }
  const part = code === 'rankwise.unknownKey' ? 'key' : 'value';
  return found.find((place) => place.part === part) ?? found[0];
}

function secretFixes({ path }: PlaceInFile, replace: (title: string, text: string) => Fix): Fix[] {
  const [, , section] = path;
  const name = String(path.at(-1));
  if (section !== 'env' || path.length !== 4) return [];
  const secret = name.toLowerCase();
  // Neither is done unasked: what stands in the file may be the only copy. A brace would end a mapping in braces: quotes
  // hold it together in both styles.
  return [
    replace(`Ask for it at the start: \`\${secret:${secret}}\``, `"\${secret:${secret}}"`),
    replace(`Read it from this machine’s \`${name}\`: \`\${env:${name}}\``, `"\${env:${name}}"`),
  ];
}

function removalFix(file: RankwiseFile, path: Path, { code }: Problem): Fix[] {
  const edit = removal(file, path);
  if (edit === undefined) return [];
  return [{ title: `Delete \`${nameOf(file, path)}\``, code, edits: [edit] }];
}

function nameOf({ root }: RankwiseFile, path: Path): string {
  const step = path.at(-1);
  if (typeof step === 'string') return step;
  return (root && textAt(root, path)) ?? 'this element';
}

/** A workdir without blanks at its end; below the home directory by name. */
function workdirMended(value: string): string {
  const trimmed = value.trim().replace(/^\$(?:HOME|\{HOME\})(?=\/|$)/, '~');
  return /^[~/]/.test(trimmed) ? trimmed : `~/${trimmed.replace(/^(?:\.\/)+/, '')}`;
}
