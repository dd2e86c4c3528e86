import { isResource } from '../argumentLists';
import { environmentNamePattern } from '../names';
import { referencePlace, type ReferencePlace } from '../referencePlace';
import { referencesIn, type Reference } from '../references';
import { suggest } from '../suggest';
import { scalars, type Path } from '../yamlPath';
import type { YamlNode } from '../yamlTree';
import type { Report } from './report';

/** What a launch declares that references may name. */
interface Declared {
  params: string[];
  axes: string[];
}

/** Every `${…}` of the file: known, and where it may stand. */
export function checkReferences(report: Report, root: YamlNode): void {
  const launches = new Map<string, Declared>();
  for (const { path, node } of scalars(root)) {
    if (!node.text.includes('$')) continue;
    const place = referencePlace(path);
    const launch = String(path[1]);
    let declared = launches.get(launch);
    if (declared === undefined) launches.set(launch, (declared = declaredBy(report, ['launches', launch])));
    for (const reference of referencesIn(node.text)) {
      const { kind } = reference;
      if (kind === 'secret' || kind === 'env') checkFetched(report, path, place, reference, node.text);
      else if (kind === 'params' || kind === 'matrix') checkVaried(report, path, place, reference, declared);
      else if (kind === 'short' && (place === 'list' || place === 'env'))
        checkShort(report, path, reference, declared);
      if (place === 'list' && kind !== 'secret' && kind !== 'env')
        checkCode(report, path, reference, declared);
    }
    checkLiteral(report, path, place, node.text, declared);
  }
}

function declaredBy(report: Report, launch: Path): Declared {
  const matrix = [...launch, 'matrix'];
  const included = report
    .items([...matrix, 'include'])
    .flatMap((_, index) => report.keys([...matrix, 'include', index]));
  return {
    params: report.keys([...launch, 'params']),
    axes: [...new Set([...report.keys(matrix), ...included])].filter(
      (name) => name !== 'include' && name !== 'exclude',
    ),
  };
}

function checkFetched(
  report: Report,
  path: Path,
  place: ReferencePlace,
  reference: Reference,
  whole: string,
): void {
  const { kind, name, text } = reference;
  if (place !== 'env' && place !== 'clusterEnv') {
    const message = `\`${text}\` works only as a value of \`env:\`, where no file and no list of processes shows it. Put it there and let the command read the variable.`;
    return report.addPart('referencePlace', message, path, text);
  }
  const valid = kind === 'env' ? /^[A-Za-z_][A-Za-z0-9_]*$/ : /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
  if (!text.endsWith('}') || !valid.test(name)) {
    const message = `\`${text}\` names no ${kind === 'env' ? 'variable' : 'secret'}. Write \`\${${kind}:NAME}\`.`;
    return report.addPart('invalidReference', message, path, text);
  }
  if (text === whole) return;
  const message = `\`${text}\` must be the whole value. Give it a variable of its own.`;
  report.addPart('secretPart', message, path, text);
}

function checkVaried(
  report: Report,
  path: Path,
  place: ReferencePlace,
  { kind, name, text }: Reference,
  declared: Declared,
): void {
  if (place === 'text' && path[0] === 'launches') {
    const variable = environmentNamePattern.test(name) ? ` Write \`$${name}\`` : ' Write a list of arguments';
    const message = `\`${text}\` does not work in text for the shell, where parameters are variables.${variable}.`;
    return report.addPart('referencePlace', message, path, text);
  }
  if (place !== 'list' && place !== 'env') {
    const message = `\`${text}\` works only in lists of arguments and in \`env:\` of a launch. Move it there.`;
    return report.addPart('referencePlace', message, path, text);
  }
  const known = kind === 'params' ? declared.params : declared.axes;
  if (text.endsWith('}') && known.includes(name)) return;
  const near = suggest(name, known);
  const add = kind === 'params' ? `Add it under \`params:\`` : `Add the axis under \`matrix:\``;
  const next = near === undefined ? `${add}, or correct the name.` : `Did you mean \`\${${kind}.${near}}\`?`;
  report.addPart('unknownReference', `There is no \`${text}\`. ${next}`, path, text);
}

/** `${HOME}` in a list is literal text: nothing expands it. */
function checkShort(report: Report, path: Path, { name, text }: Reference, { params, axes }: Declared): void {
  const isCheckpoint = name === 'checkpoint' && path[2] === 'resume';
  if (params.includes(name) || isCheckpoint || isCode(report, path)) return;
  if (isResource(name) && axes.includes(name)) {
    const message = `\`${text}\` is no parameter. Write \`\${matrix.${name}}\` for the value of the matrix.`;
    return report.addPart('unknownReference', message, path, text);
  }
  const near = suggest(name, params);
  const next =
    near === undefined ? `Write \`$${text}\` if that is what you want` : `Did you mean \`\${${near}}\``;
  const message = `There is no parameter \`${name}\`, so \`${text}\` stays literal text: nothing expands it here. ${next}${near === undefined ? '.' : '?'}`;
  report.addPart('unknownReference', message, path, text, 'warning');
}

/** `$NAME`, `${NAME}` and `${NAME:-x}` as a shell has them. Names in capitals, for others may be meant for the program. */
const shellVariable =
  /(?<![\\$])\$(?:([A-Z_][A-Z0-9_]+|[A-Za-z_]\w*)\b|\{[A-Z_][A-Z0-9_]*(?:[-:+=?%#/^,][^}]*)?\})/g;

/** What a shell would expand, where none reads it. */
function checkLiteral(
  report: Report,
  path: Path,
  place: ReferencePlace,
  text: string,
  declared: Declared,
): void {
  const isEnv = place === 'env' || place === 'clusterEnv';
  // A program that runs code has its own variables.
  if (!isEnv && (place !== 'list' || /[\s'";()]/.test(text) || runsCode(report, path))) return;
  for (const [written, name] of text.matchAll(shellVariable)) {
    const isParameter = name !== undefined && declared.params.includes(name) && place !== 'clusterEnv';
    if (name !== undefined && !isParameter && !/^[A-Z_][A-Z0-9_]+$/.test(name)) continue;
    // `${name}` in a launch is a reference, and judged as one.
    if (place !== 'clusterEnv' && /^\$\{\w+\}$/.test(written)) continue;
    const next = isParameter
      ? `Write \`\${${name}}\` for the parameter.`
      : isEnv
        ? 'Write the value, or `export` the variable in a line of `setup:` of the cluster.'
        : 'Write the value, or `command` as text.';
    const message = `\`${written}\` stays literal text: no shell reads it here. ${next}`;
    report.addPart('literalVariable', message, path, written, 'warning');
  }
}

/** A value that becomes part of code would be run, not passed on. */
function checkCode(report: Report, path: Path, reference: Reference, declared: Declared): void {
  const { kind, name, text } = reference;
  if (!isCode(report, path) || (kind === 'short' && !declared.params.includes(name))) return;
  const message = `\`${text}\` would become part of code and be run. Write \`command\` as text, where it is the variable \`$${name}\`.`;
  report.addPart('parameterInCode', message, path, text);
}

const shells = /(?:^|\/)(?:ba|da|z|k|a)?sh$/;

/** Programs that run an argument as code, with the options that say so. */
const interpreters: readonly [program: RegExp, option: RegExp][] = [
  [shells, /^-[a-z]*c$/],
  [/(?:^|\/)python[\d.]*$/, /^-[a-zA-Z]*c$/],
  [/(?:^|\/)(?:perl|ruby|node)$/, /^(?:-[a-z]*[eEp]|--eval|--print)$/],
];

/** Whether the list is a command for an interpreter that takes code. */
function runsCode(report: Report, path: Path): boolean {
  const [program = ''] = report.items(path.slice(0, -1));
  return shells.test(program) || isCode(report, path);
}

/** The element that a shell or another interpreter runs as code: the first word after `-c`. */
function isCode(report: Report, path: Path): boolean {
  const list = report.items(path.slice(0, -1));
  const found = interpreters.find(([program]) => program.test(list[0] ?? ''));
  const option = found === undefined ? -1 : list.findIndex((item, index) => index > 0 && found[1].test(item));
  const code = list.findIndex((item, index) => index > option && !item.startsWith('-'));
  return option > 0 && code === path.at(-1);
}
