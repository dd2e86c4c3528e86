/** `${…}` in a list element or a value of `env:`. Offsets are into the text. */
export interface Reference {
  /** `short`: `${name}`, which is a reference only where a parameter has that name; else literal text. */
  kind: 'params' | 'matrix' | 'secret' | 'env' | 'repeat' | 'trial' | 'short';
  name: string;
  /** As it is written, such as `${params.lr}`. */
  text: string;
  start: number;
  end: number;
}

/** `$${` stands for `${` as text. The brace may be missing: a person forgot it, and the check says so. */
const pattern = /\$\$\{|\$\{(?:(secret|env):|(params|matrix)\.)?([^}]*)\}?/g;

const shortName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The references of a text, in order. Text such as `${x:-1}` is none. */
export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(pattern)].flatMap((match): Reference[] => {
    const [written, fetched, varied, name = ''] = match;
    const place = { name, text: written, start: match.index, end: match.index + written.length };
    if (fetched !== undefined) return [{ ...place, kind: fetched as 'secret' | 'env' }];
    if (varied !== undefined) return [{ ...place, kind: varied as 'params' | 'matrix' }];
    if (!written.endsWith('}') || written === '$${') return [];
    if (name === 'repeat' || name === 'trial') return [{ ...place, kind: name }];
    return shortName.test(name) ? [{ ...place, kind: 'short' }] : [];
  });
}

/**
 * Puts values in place of references, once: what a value contains is literal text.
 * @param valueOf the value, or undefined to leave the reference as it is written
 */
export function fillReferences(text: string, valueOf: (reference: Reference) => string | undefined): string {
  let result = '';
  let from = 0;
  for (const reference of referencesIn(text)) {
    result += unescape(text.slice(from, reference.start)) + (valueOf(reference) ?? reference.text);
    from = reference.end;
  }
  return result + unescape(text.slice(from));
}

function unescape(text: string): string {
  return text.replaceAll('$${', '${');
}
