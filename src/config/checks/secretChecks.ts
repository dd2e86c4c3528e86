import { referencesIn } from '../references';
import { scalars, type Path } from '../yamlPath';
import type { Report } from './report';
import { secretIn } from './secretShapes';

/** Names whose values are nobody else's business. `TOKENIZERS_PARALLELISM` and `MAX_TOKENS` are none. */
const secretName =
  /(?:^|_)(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_KEY|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(?:_ID)?$/i;

/** Values that are no secret themselves: numbers, truth values, paths. */
const plainValue = /^(?:|-?[\d.]+|true|false|none|[~/.].*)$/i;

/** Names such as `COMET_KEY`, whose values may be anything: a secret only where it looks like one. */
const keyName = /_(?:KEY|TOKEN|PASS|PWD|AUTH)$/i;
const random = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{20,}$/;

/** Whether a variable of this name with this value looks like a secret in plain text. */
export function isPlainSecret(name: string, value: string): boolean {
  if (plainValue.test(value)) return false;
  return secretName.test(name) || (keyName.test(name) && random.test(value));
}

/** Tokens of a language model's text, which options of training programs name. */
const textToken =
  /(?:^|_)(?:bos|eos|pad|unk|sep|cls|mask|image|special|start|end|stop|new|next|max|num)_token$/;

/** Whether an option such as `--api-key` with this value gives away a secret. @param name with or without dashes */
export function isSecretOption(name: string, value: string): boolean {
  const words = name.replace(/^-+/, '').replaceAll('-', '_');
  const plain = words.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return !textToken.test(plain) && isPlainSecret(plain, value);
}

/** `--name value` and `--name=value` in a text. */
const option = /(?<![^\s"'(])(--?[A-Za-z][\w-]{0,60})(?:=|[ \t]{1,8})["']?([^\s"'$;&|<>`]+)/g;

/** Secrets written into the file, which goes into version control and to every reader of a plan. */
export function checkSecrets(report: Report, path: Path): void {
  const entry = report.node(path);
  for (const { path: below, node: scalar } of entry === undefined ? [] : scalars(entry)) {
    if (scalar.text.length < 12 || scalar.text.length > 100_000) continue;
    const place = [...path, ...below];
    const found = secretIn(scalar.text);
    if (found === undefined || isNamedSecret(place, scalar.text)) continue;
    const message = `This is a key of ${found.owner} in plain text. Take it out: give it to a variable under \`env:\` as \`\${secret:NAME}\`, and revoke it if this file was shared.`;
    report.addPart('plainSecret', message, place, found.part, 'warning');
  }
  checkOptions(report, path);
  for (const name of report.keys([...path, 'env'])) {
    const place = [...path, 'env', name];
    const value = report.text(place);
    if (value === undefined || !isNamedSecret(place, value)) continue;
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

/** A variable of `env:` whose name says that its value is a secret. */
function isNamedSecret(path: Path, value: string): boolean {
  if (path[2] !== 'env' || path.length !== 4 || referencesIn(value).length > 0) return false;
  return isPlainSecret(String(path.at(-1)), value);
}

/** Options of a command or a launcher that name a secret, in a text or as elements of a list. */
function checkOptions(report: Report, path: Path): void {
  const entry = report.node(path);
  let before = '';
  for (const { path: below, node } of entry === undefined ? [] : scalars(entry)) {
    const { text } = node;
    const index = below.at(-1);
    const isList = typeof index === 'number';
    const found = [...(text.includes('-') ? text.slice(0, 100_000) : '').matchAll(option)].map(
      ([, name = '', value = '']) => ({ name, value }),
    );
    if (isList && index > 0 && /^--?[A-Za-z][\w-]{0,60}$/.test(before))
      found.push({ name: before, value: text });
    before = isList ? text : '';
    const told = found.find(
      ({ name, value }) =>
        !/^[-<]/.test(value) &&
        referencesIn(value).length === 0 &&
        secretIn(value) === undefined &&
        isSecretOption(name, value),
    );
    if (told === undefined) continue;
    const message = `\`${told.name}\` looks like it is given a secret in plain text, which everybody on a host sees in its list of processes. Let the program read it from a variable under \`env:\` that is written as \`\${secret:NAME}\`.`;
    report.addPart('plainSecret', message, [...path, ...below], told.value, 'warning');
  }
}
