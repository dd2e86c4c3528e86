import type { HomeEdit, KeyPlan } from '../cluster/keys/planKeys';
import type { Reach } from '../cluster/keys/proveEachToEach';
import { count } from './format';

const headings = {
  apply: 'Passwordless SSH between the hosts of',
  rotate: 'New keys for SSH between the hosts of',
  undo: 'Taking back passwordless SSH between the hosts of',
} as const;

const keyWords = { make: 'make', replace: 'replace', remove: 'remove' } as const;

/** Every change of a plan of keys as a document in the format of a diff. @param isDone it has been carried out */
export function keyPlanText({ cluster, purpose, homes, findings }: KeyPlan, isDone = false): string {
  const said = findings.map(
    ({ message, nextStep, blocks }) => `# ${blocks ? 'In the way' : 'Note'}: ${message}. ${nextStep}`,
  );
  const nothing = homes.length === 0 ? ['# There is nothing to change.'] : [];
  const blocks = homes.map((home) => homeLines(home).join('\n'));
  const head = [
    `# ${headings[purpose]} ${cluster}`,
    `# ${isDone ? 'This has been done.' : 'Nothing has been done yet.'} Private keys are made on their hosts and never leave them.`,
    ...said,
    ...nothing,
  ].join('\n');
  return `${[head, ...blocks].join('\n\n')}\n`;
}

function homeLines({ host, hosts, key, files }: HomeEdit): string[] {
  const shared = hosts.length > 1 ? `, the home that ${hosts.join(', ')} share` : '';
  return [
    `# ${host}${shared}`,
    ...(key === undefined ? [] : [`# ${keyWords[key.action]} the key pair ${key.path} and ${key.path}.pub`]),
    ...files.flatMap(({ path, action, add, remove }) => [
      `--- ${host}:${path}`,
      `+++ ${host}:${path} (${action})`,
      ...remove.map((line) => `-${line}`),
      ...add.map((line) => `+${line}`),
    ]),
  ];
}

/** More hosts than this make a table that nobody can read: then only what fails is listed. */
const mostColumns = 16;

/** The proof as a document: who reaches whom, and why not. */
export function reachText(cluster: string, reaches: readonly Reach[]): string {
  const failed = reaches.filter(({ ok }) => !ok);
  const names = [...new Set(reaches.map(({ from }) => from))];
  const proved = `${reaches.length - failed.length} of ${count(reaches.length, 'pair')}`;
  return `${[
    `# SSH between the hosts of ${cluster}`,
    `${proved} reach each other without anybody there to answer (ssh -o BatchMode=yes -o StrictHostKeyChecking=yes).`,
    ...(names.length > mostColumns ? [] : [table(names, reaches)]),
    ...(failed.length === 0
      ? []
      : [failed.map(({ from, to, reason }) => `* ${from} → ${to}: ${reason ?? 'failed'}`).join('\n')]),
  ].join('\n\n')}\n`;
}

function table(names: readonly string[], reaches: readonly Reach[]): string {
  const verdicts = new Map(reaches.map(({ from, to, ok }) => [`${from}\n${to}`, ok ? 'ok' : 'FAILS']));
  const cell = (from: string, to: string): string =>
    from === to ? '–' : (verdicts.get(`${from}\n${to}`) ?? '?');
  const widths = ['from ↓ to →', ...names].map((name) => Math.max(name.length, 'FAILS'.length));
  widths[0] = Math.max(widths[0] ?? 0, ...names.map(({ length }) => length));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [
    line(['from ↓ to →', ...names]),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...names.map((from) => line([from, ...names.map((to) => cell(from, to))])),
  ].join('\n');
}
