import { referencePlace } from '../config/referencePlace';
import { referencesIn } from '../config/references';
import { locate, type Path } from '../config/yamlPath';
import { knownVariables } from './knownVariables';
import { codeSpan } from './markdown';
import type { RankwiseContext } from './rankwiseContext';
import { placeAt, rankwiseFile, type PlaceInFile, type RankwiseFile } from './rankwiseFile';
import { meaningOf } from './rankwiseMeaning';
import { referenceMeaning } from './rankwiseReferences';
import { textAt } from './rankwiseTree';
import { valueChoices } from './rankwiseValues';
import type { HoverText } from './types';

/** What the key, value or `${…}` at an offset means. */
export function rankwiseHover(text: string, offset: number, context: RankwiseContext): HoverText | undefined {
  const file = rankwiseFile(text);
  const place = placeAt(file, offset);
  if (place === undefined || file.root === undefined) return undefined;
  if (place.part === 'key') return hover(place, keyMeaning(file, place.path));
  if (place.node.kind !== 'scalar') return undefined;
  return referenceHover(file, place, offset) ?? hover(place, valueMeaning(file, place.path, context));
}

function hover(
  { start, end }: { start: number; end: number },
  markdown: string | undefined,
): HoverText | undefined {
  return markdown === undefined ? undefined : { start, end, markdown };
}

function keyMeaning({ root }: RankwiseFile, path: Path): string | undefined {
  if (root === undefined) return undefined;
  const name = String(path.at(-1));
  const [section, entry, key] = path;
  if (key === 'env' && path.length === 4) {
    const known = Object.hasOwn(knownVariables, name) ? knownVariables[name] : undefined;
    return [
      `**${codeSpan(name)}**: variable of the environment`,
      ...(known === undefined ? [] : [known]),
    ].join('\n\n');
  }
  if (section === 'launches' && ['params', 'presets', 'matrix'].includes(String(key)) && path.length > 3) {
    const meaning = referenceMeaning(root, path, 'params', name);
    if (meaning !== undefined) return meaning;
  }
  if (path.length === 2 && section === 'clusters') return clusterMeaning(root, String(entry));
  return meaningOf(path);
}

function clusterMeaning(root: NonNullable<RankwiseFile['root']>, name: string): string {
  const { node } = locate(root, ['clusters', name, 'hosts']);
  const login =
    textAt(root, ['clusters', name, 'login']) ?? textAt(root, ['clusters', name, 'login', 'host']);
  const workdir = textAt(root, ['clusters', name, 'workdir']);
  const lines = [`Cluster **${codeSpan(name)}**`];
  if (login !== undefined) lines.push(`Slurm, login node ${codeSpan(login)}`);
  else if (name === 'practice') lines.push('Built in: hosts on this machine, to try things out.');
  else if (node.kind === 'list')
    lines.push(`${node.items.length} ${node.items.length === 1 ? 'host' : 'hosts'}`);
  else if (node.kind === 'scalar') lines.push(`Hostfile ${codeSpan(node.text)}`);
  if (workdir !== undefined) lines.push(`Commands run in ${codeSpan(workdir)}`);
  return lines.join('\n\n');
}

function valueMeaning(file: RankwiseFile, path: Path, context: RankwiseContext): string | undefined {
  const { root } = file;
  if (root === undefined) return undefined;
  const value = textAt(root, path) ?? '';
  if (path[0] === 'launches' && path[2] === 'cluster' && path.length === 3)
    return clusterMeaning(root, value);
  const choice = valueChoices(root, path, context).find((one) => one.value === value && one.kind !== 'value');
  if (choice !== undefined) return [codeSpan(value), choice.detail].filter(Boolean).join(': ');
  const key = path.findLast((step) => typeof step === 'string');
  return key === undefined || path.length < 2
    ? undefined
    : meaningOf(path.slice(0, path.lastIndexOf(key) + 1));
}

/** `${…}`, or `$name` in text for a shell. */
function referenceHover(
  { root, text }: RankwiseFile,
  { path, start, end }: PlaceInFile,
  offset: number,
): HoverText | undefined {
  if (root === undefined) return undefined;
  const place = referencePlace(path);
  const written = text.slice(start, end);
  const at = offset - start;
  if (place === 'text') {
    for (const { 0: all, 1: name = '', index } of written.matchAll(/\$\{?([A-Za-z_]\w*)\}?/g)) {
      if (at < index || at > index + all.length) continue;
      const kind = name === 'repeat' || name === 'trial' ? name : 'params';
      const markdown =
        referenceMeaning(root, path, kind, name) ?? referenceMeaning(root, path, 'matrix', name);
      return hover({ start: start + index, end: start + index + all.length }, markdown);
    }
    return undefined;
  }
  if (place === 'other') return undefined;
  const found = referencesIn(written).find((reference) => reference.start <= at && at <= reference.end);
  if (found === undefined) return undefined;
  const markdown =
    found.kind === 'short' && found.name === 'checkpoint' && path[2] === 'resume'
      ? 'The newest file that matches `newest`.'
      : referenceMeaning(root, path, found.kind, found.name);
  const range = { start: start + found.start, end: start + found.end };
  return hover(range, markdown ?? 'Literal text: no parameter has this name.');
}
