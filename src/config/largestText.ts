/** More than any file a person writes, and what is checked within seconds at worst: bytes of a file, UTF-16 units of a text. */
export const largestText = 1 << 20;

/** Whether a text is checked no more; nothing else should read such a text at every change either. */
export function isTooLarge(text: string): boolean {
  return text.length > largestText;
}

/** Why a file is not read, in words that follow `it cannot be read: `. */
export function tooLargeReason(size: number, unit: 'bytes' | 'characters'): string {
  return `it has ${size} ${unit}, and at most ${largestText} are read`;
}
