/**
 * The next free name in a row of names: `node4` of `node3`, `10.0.0.6` of `10.0.0.5`, `gpu02.lab` of `gpu01.lab`,
 * `head2` of `head`. `taken` may not hold it.
 * @param passed from taken names to later ones, kept from call to call: a long row is walked along once
 */
export function nextHostName(
  name: string,
  taken: ReadonlySet<string>,
  passed = new Map<string, string>(),
): string {
  const seen: string[] = [];
  let next = name;
  const step = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) ? nextAddress : nextName;
  do {
    seen.push(next);
    next = passed.get(next) ?? step(next);
  } while (taken.has(next));
  for (const one of seen) passed.set(one, next);
  return next;
}

/** Addresses that end in 0 or 255 are those of networks. */
function nextAddress(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return d < 254 ? `${a}.${b}.${c}.${d + 1}` : `${a}.${b}.${c + 1}.1`;
}

function nextName(name: string): string {
  const dot = name.indexOf('.');
  const [label, rest] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  const digits = /\d{1,9}$/.exec(label)?.[0] ?? '';
  const stem = label.slice(0, label.length - digits.length);
  const number = digits === '' ? 2 : Number(digits) + 1;
  return `${stem}${String(number).padStart(digits.length, '0')}${rest}`;
}
