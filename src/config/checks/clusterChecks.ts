import { parseHostText } from '../names';
import type { Path } from '../yamlPath';
import type { Report } from './report';

/** The cluster that Rankwise brings along. */
export const practiceCluster = 'practice';

/** What a schema cannot say of a cluster. */
export function checkCluster(report: Report, path: Path): void {
  if (path[1] === practiceCluster) {
    const message = `\`${practiceCluster}\` is the built-in practice cluster. Choose another name.`;
    report.add('reservedName', message, path, 'key');
  }
  checkKind(report, path);
  checkHostTexts(report, path);
  for (const key of [
    ['head'],
    ['login'],
    ...report.items([...path, 'hosts']).map((_, index) => ['hosts', index]),
  ])
    checkLocal(report, [...path, ...key]);
}

/** A cluster is hosts, or a Slurm cluster with a login node. */
function checkKind(report: Report, path: Path): void {
  const cluster = report.map(path);
  if (cluster === undefined) return;
  const has = (key: string): boolean => cluster.entries.has(key);
  if (!has('hosts') && !has('login')) {
    const message = `\`${path.join('.')}\` has no \`hosts\`. Add \`hosts:\` with the path of a hostfile or a list, or \`login:\` for a Slurm cluster.`;
    report.add('missingKey', message, [...path, 'hosts']);
  }
  if (has('hosts') && has('login')) {
    const message = 'A cluster has `hosts:`, or is a Slurm cluster with `login:`. Delete one of them.';
    report.add('hostsAndLogin', message, [...path, 'login'], 'key');
  }
  for (const key of ['head', 'gpus']) {
    if (!has(key) || !has('login') || has('hosts')) continue;
    const message = `\`${key}\` has no effect with \`login:\`: Slurm chooses the hosts. Delete it.`;
    report.add('unusedOptions', message, [...path, key], 'key', 'warning');
  }
  if (has('slurm') && !has('login') && has('hosts')) {
    const message = '`slurm` has no effect without `login:`. Delete it, or name the login node.';
    report.add('unusedOptions', message, [...path, 'slurm'], 'key', 'warning');
  }
  const onHead = report.map([...path, 'hosts'])?.entries.has('onHead');
  if (onHead === true && !has('head')) {
    const message = 'Where is the head? Add `head:` with the host on which this hostfile lies.';
    report.add('missingHead', message, [...path, 'hosts']);
  }
}

/** A port beyond 65535 has the form of one. */
function checkHostTexts(report: Report, path: Path): void {
  const places = [
    [...path, 'head'],
    [...path, 'login'],
    ...report.items([...path, 'hosts']).map((_, index) => [...path, 'hosts', index]),
  ];
  for (const place of places) {
    const text = report.text(place) ?? '';
    const isText = report.scalar(place) !== undefined;
    if (!/:\d+$/.test(text) || text.length > 400) continue;
    if (isText && parseHostText(text) !== undefined) continue;
    report.add('invalidValue', `\`${text}\` is not \`host:port\`. A port is 1 to 65535.`, place);
  }
}

/** This machine is not reached at all. */
function checkLocal(report: Report, path: Path): void {
  const host = report.map(path);
  if (host?.entries.has('local') !== true) return;
  for (const key of ['user', 'port', 'identityFile', 'proxyJump']) {
    if (!host.entries.has(key)) continue;
    const message = `\`${key}\` has no effect with \`local: true\`: no SSH is used. Delete one of them.`;
    report.add('unusedOptions', message, [...path, key], 'key', 'warning');
  }
}
