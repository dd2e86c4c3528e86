/**
 * A glob below a directory. `*` and `?` stop at slashes, `**` does not, `[abc]` is one of these characters; everything else
 * is literal.
 */
export interface Glob {
  /** The part before the first wildcard: where `find` begins. Empty: the directory itself. */
  start: string;
  /** For `find -path ./PATTERN`, whose `*` does not stop at slashes: it takes everything the glob does, and more. */
  findPattern: string;
  matches(path: string): boolean;
}

export function parseGlob(glob: string): Glob {
  const parts = glob.split('/').filter((part) => part !== '' && part !== '.');
  const firstWild = parts.findIndex((part) => /[*?[]/.test(part));
  const start = parts.slice(0, firstWild === -1 ? parts.length : firstWild).join('/');
  const text = parts.join('/');
  const findPattern = text.replaceAll('\\', '\\\\').replaceAll('**/', '*').replaceAll(/\*+/g, '*');
  const pattern = new RegExp(`^${expression(text)}$`, 's');
  return { start, findPattern, matches: (path) => pattern.test(path) };
}

function expression(glob: string): string {
  return glob.replaceAll(/\*\*\/|\*\*|\*|\?|\[!?[^\]/]+\]|[\\^$.|+(){}[\]]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length === 1) return `\\${token}`;
    const inside = token.slice(1, -1).replace(/^!/, '^');
    return `[${inside.replaceAll(/[\\[\]]/g, '\\$&')}]`;
  });
}
