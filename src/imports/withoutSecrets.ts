import { isSecretOption } from '../config/checks/secretChecks';
import { withoutKeys } from '../config/checks/secretShapes';

/** A name with what parts it from its value: `NAME=`, `"name": "`, `X-Name: `, `--name `. */
const named =
  /(?<![\w-])(-{0,2})([A-Za-z_][\w-]{0,80})(\\?["']?(?:\s{0,3}[=:]\s{0,3}|[\s\\]{1,40})\\?["']?)/g;

/** Of the values behind such a name by the quote in front: `\"`, `"`, `'`, none. */
const escaped = /[^"\\]*/y;
const doubled = /(?:\\[^]|[^"\\])*/y;
const single = /[^']*/y;
const bare = /(?:\\[^]|[^\s"'`;&|<>()\\])+/y;

/** The whole of these headers is a secret, but for the word that says of which kind. */
const header =
  /\b((?:Proxy-)?Authorization|Cookie)(\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?:(?:Bearer|Basic|Token)\s{1,3})?)[^\s"'\\]+/gi;
const bearer = /\b(Bearer\s{1,3})[\w.~+/=-]{4,}/gi;
/** `https://name:password@host`. */
const address = /(:\/\/[^\s/@:"']{0,100}:)[^\s/"']{1,300}@/g;
/** `curl -u name:password`; `docker -u 1000:1000` is none. */
const login =
  /((?:^|\s)(?:-u|--user|--proxy-user)[ =]["']?[^\s:"'=]{1,100}:)(?!\d+(?:\s|$))[^\s"';&|]{1,300}/g;

/**
 * A text of which what looks like a secret is not told: of `--token abc`, `"HF_TOKEN": "abc"`, `https://me:abc@host` and
 * keys that are known by their shape, `…` takes the place of the value. What a shell would put in (`$TOKEN`) is no secret.
 */
export function withoutSecrets(text: string): string {
  const shown = withoutKeys(text)
    .replaceAll(header, '$1$2…')
    .replaceAll(bearer, '$1…')
    .replaceAll(address, '$1…@')
    .replaceAll(login, '$1…');
  return withoutNamed(shown);
}

function withoutNamed(text: string): string {
  let result = '';
  let told = 0;
  named.lastIndex = 0;
  for (let match = named.exec(text); match !== null; match = named.exec(text)) {
    const [all, dashes = '', name = '', between = ''] = match;
    const from = match.index + all.length;
    if (!/[=:]/.test(between) && dashes === '') {
      // What stands between two words may belong to the second.
      named.lastIndex = match.index + name.length;
      continue;
    }
    // Whether it is a secret is told by its beginning: a long text of many names is not read to its end for each.
    const value = valueAt(text.slice(from, from + 1000), 0, between);
    const isVariable = /^\$(?!')/.test(value) && !between.endsWith("'");
    if (isVariable || value.startsWith('-') || !isSecretOption(name, value)) continue;
    result += `${text.slice(told, from)}…`;
    told = from + valueAt(text, from, between).length;
    named.lastIndex = told;
  }
  return result + text.slice(told);
}

function valueAt(text: string, from: number, between: string): string {
  const pattern = /\\["']$/.test(between)
    ? escaped
    : between.endsWith('"')
      ? doubled
      : between.endsWith("'")
        ? single
        : bare;
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0] ?? '';
}
