import type { Path } from '../yamlPath';
import type { Report } from './report';

/** A workdir that is another directory than it looks like. It is one path for `cd`: nothing in it is expanded but `~/`. */
export function checkWorkdir(report: Report, cluster: Path): void {
  const path = [...cluster, 'workdir'];
  const value = report.scalar(path);
  if (value === undefined || value === '' || value.includes('${secret:') || value.includes('${env:')) return;
  const warn = (message: string): void => report.add('workdir', message, path, 'value', 'warning');
  if (value !== value.trim()) {
    return warn(
      'This path begins or ends with a blank, which belongs to the name of the directory. Take it out.',
    );
  }
  if (/^\$(?:HOME|\{HOME\})(?:\/|$)/.test(value)) {
    return warn('`$HOME` is not expanded here: it would be the name of a directory. Write `~/…`.');
  }
  if (/\$[A-Za-z_{]/.test(value)) {
    return warn(
      `Variables are not expanded here: ${quoted(value)} would be the name of a directory. Write the path.`,
    );
  }
  if (value.split('/').includes('..')) {
    return warn(
      '`..` leads out of the directory before it, which may be a link on some hosts. Write the path without it.',
    );
  }
  if (/^[~/]/.test(value)) return;
  const message = `Relative to the home directory on each host, not to this file: ~/${value.replace(/^(?:\.\/)+/, '')}. Write that to make it plain.`;
  report.add('workdir', message, path, 'value', 'information');
}

function quoted(value: string): string {
  return `\`${value.replaceAll('`', '')}\``;
}
