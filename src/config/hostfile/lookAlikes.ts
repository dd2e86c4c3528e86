/** Letters and marks outside ASCII that look like one of ASCII, and blanks that look like a space. */
const lookAlikes = new Map<string, string>([
  ...Array.from('АВЕКМНОРСТХаеорсухіјѕԁһӏ', (letter, index): [string, string] => [
    letter,
    'ABEKMHOPCTXaeopcyxijsdhl'.charAt(index),
  ]),
  ...Array.from('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν', (letter, index): [string, string] => [
    letter,
    'ABEZHIKMNOPTYXoav'.charAt(index),
  ]),
  ...Array.from('‐‑‒–—―−﹣', (dash): [string, string] => [dash, '-']),
  ...Array.from('．。․', (dot): [string, string] => [dot, '.']),
  ...Array.from('＝﹦꞊', (equals): [string, string] => [equals, '=']),
  ...Array.from('：﹕∶', (colon): [string, string] => [colon, ':']),
  ...Array.from('＃﹟', (hash): [string, string] => [hash, '#']),
  ...Array.from(
    '\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000',
  ).map((blank): [string, string] => [blank, ' ']),
  // Nothing is seen of these.
  ...Array.from('\u00AD\u200B\u200C\u200D\u2060\uFEFF').map((nothing): [string, string] => [nothing, '']),
]);

/** The ASCII text that a character outside ASCII is taken for; undefined where there is none. */
export function lookAlikeOf(character: string): string | undefined {
  const known = lookAlikes.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  // Full-width forms of ASCII.
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCodePoint(code - 0xfee0);
  return undefined;
}

/** A character by its number, such as `U+00A0`; as itself where that is safe to see. */
export function shownCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return /^[\x21-\x7e]$/.test(character) ? `\`${character}\`` : `The character U+${code}`;
}
