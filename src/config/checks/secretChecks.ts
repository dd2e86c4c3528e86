import { referencesIn } from '../references';
import type { Path } from '../yamlPath';
import type { Report } from './report';

/** Names whose values are nobody else's business. `TOKENIZERS_PARALLELISM` and `MAX_TOKENS` are none. */
const secretName =
  /(?:^|_)(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_KEY|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(?:_ID)?$/i;

/** Values that are no secret themselves: numbers, truth values, paths. */
const plainValue = /^(?:|-?[\d.]+|true|false|none|[~/.].*)$/i;

/** Whether a variable of this name with this value looks like a secret in plain text. */
export function isPlainSecret(name: string, value: string): boolean {
  return secretName.test(name) && !plainValue.test(value);
}

/** Secrets written into the file, which goes into version control and to every reader of a plan. */
export function checkSecrets(report: Report, path: Path): void {
  for (const name of report.keys([...path, 'env'])) {
    const place = [...path, 'env', name];
    const value = report.text(place);
    if (value === undefined || !isPlainSecret(name, value)) continue;
    if (referencesIn(value).length > 0) continue;
    const message = `\`${name}\` looks like a secret in plain text. Write \`\${secret:${name.toLowerCase()}}\` or \`\${env:${name}}\` instead; it is then asked for or read at the start and stored nowhere.`;
    report.add('plainSecret', message, place, 'value', 'warning');
  }
  const repository = report.scalar([...path, 'checkout', 'repository']);
  const login = repository === undefined ? undefined : /:\/\/([^/@]*:[^/@]+)@/.exec(repository)?.[1];
  if (login === undefined) return;
  const message =
    'This address holds a password. Take it out and let git on the hosts know it (a credential helper, or SSH).';
  report.addPart('plainSecret', message, [...path, 'checkout', 'repository'], login, 'warning');
}
