/** A plain decimal number as programs print it, for use in patterns. Every repetition is bounded. */
export const decimal = '[-+]?(?:\\d{1,30}(?:\\.\\d{0,30})?|\\.\\d{1,30})(?:[eE][-+]?\\d{1,4})?';

/** The number in a whole text; undefined for anything else, also `nan` and `inf`. */
export function wholeNumber(text: string): number | undefined {
  return whole.test(text) ? Number(text) : undefined;
}

const whole = new RegExp(`^${decimal}$`);
