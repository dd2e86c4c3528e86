import type { Arity } from '../optionWords';

/** An {@link Arity} for programs most of whose options take a value: all but these, which are given without dashes. */
export function allButFlags(flags: string): Arity {
  const names = new Set(flags.split(/\s+/));
  return (name) => (names.has(name) ? 0 : 1);
}
