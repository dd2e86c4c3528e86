/**
 * A read-only array whose elements are made when they are read and not kept: a view of columns that would cost many
 * times their memory as objects. Works with everything arrays do except writing.
 * @param make Called with indices 0 to `length` - 1.
 */
export function lazyArray<T>(length: number, make: (index: number) => T): readonly T[] {
  const element = (key: string | symbol): T | undefined => {
    if (typeof key === 'symbol' || !/^(?:0|[1-9]\d{0,15})$/.test(key)) return undefined;
    const index = Number(key);
    return index < length ? make(index) : undefined;
  };
  return new Proxy<T[]>([], {
    get: (target, key) => {
      if (key === 'length') return length;
      return element(key) ?? (Reflect.get(target, key) as unknown);
    },
    has: (target, key) => element(key) !== undefined || Reflect.has(target, key),
    set: () => false,
    deleteProperty: () => false,
    ownKeys: () => [...Array.from({ length }, (_, index) => String(index)), 'length'],
    getOwnPropertyDescriptor: (_, key) => {
      if (key === 'length') return { value: length, writable: true, enumerable: false, configurable: false };
      const value = element(key);
      return value === undefined
        ? undefined
        : { value, writable: true, enumerable: true, configurable: true };
    },
  });
}
