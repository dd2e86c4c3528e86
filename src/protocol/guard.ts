/** Tells whether an unknown value is a `T`. Total: never throws, whatever it is given. */
export type Guard<T> = (value: unknown) => value is T;

export const isString: Guard<string> = (value) => typeof value === 'string';
export const isBoolean: Guard<boolean> = (value) => typeof value === 'boolean';
/** Finite only: NaN and infinities are no values to draw. */
export const isNumber: Guard<number> = (value): value is number => Number.isFinite(value);

export function oneOf<const T extends readonly string[]>(values: T): Guard<T[number]> {
  return (value): value is T[number] => typeof value === 'string' && values.includes(value);
}

export function nullOr<T>(inner: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || inner(value);
}

/** A key that may be missing. */
export function optional<T>(inner: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || inner(value);
}

export function listOf<T>(inner: Guard<T>): Guard<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(inner);
}

/** An object with these keys; further keys are let through. */
export function shape<T extends object>(fields: { [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  const checks = Object.entries<Guard<unknown>>(fields);
  return (value): value is T =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    checks.every(([key, check]) => check((value as Record<string, unknown>)[key]));
}

type Fields<M extends { type: string }, T extends M['type']> = Omit<Extract<M, { type: T }>, 'type'>;

/** The check of what each message of a protocol carries, by its type. */
export type MessageTable<M extends { type: string }> = { [T in M['type']]: Guard<Fields<M, T>> };

const isTagged = shape<{ type: string }>({ type: isString });

/** The message of the protocol, or undefined when the value is none. */
export function readMessage<M extends { type: string }>(
  table: MessageTable<M>,
  value: unknown,
): M | undefined {
  if (!isTagged(value) || !Object.hasOwn(table, value.type)) return undefined;
  const guard: Guard<unknown> = table[value.type as M['type']];
  return guard(value) ? (value as M) : undefined;
}
