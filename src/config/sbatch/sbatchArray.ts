interface ArrayItem {
  first: number;
  last: number;
  step: number;
}

/** Whether Slurm takes a text for the indices of an array: `0-15`, `1,3,5`, `0-15:4`, `0-15%4`. */
export function isArray(text: string): boolean {
  return arrayItems(text).every((item) => item !== undefined);
}

/** How many tasks an array has, and its highest index. What Slurm refuses of it does not count. */
export function arraySize(text: string): { tasks: number; highest: number } {
  let tasks = 0;
  let highest = 0;
  for (const item of arrayItems(text)) {
    if (item === undefined) continue;
    tasks += Math.floor((item.last - item.first) / item.step) + 1;
    highest = Math.max(highest, item.last);
  }
  return { tasks, highest };
}

/** As Slurm's controller reads them, with strtol: blanks and a sign before a number, brackets that have no other half. */
function arrayItems(text: string): (ArrayItem | undefined)[] {
  const percent = text.indexOf('%');
  const indices = percent === -1 ? text : text.slice(0, percent);
  return indices
    .split(',')
    .filter((item) => item !== '')
    .map(arrayItem);
}

function arrayItem(text: string): ArrayItem | undefined {
  const parts = /^([ \t]*[+-]?\d+)(?:-(?:([ \t]*[+-]?\d+)(?::([ \t]*[+-]?\d+))?)?)?\]?$/.exec(
    text.replace(/^\[/, ''),
  );
  if (parts === null) return undefined;
  const first = Number(parts[1]);
  // `0-` ends at 0.
  const last = Number(parts[2] ?? (text.includes('-', parts[1]?.length) ? 0 : first));
  const step = parts[3] === undefined ? 1 : Number(parts[3]);
  return first < 0 || last < first || step < 1 ? undefined : { first, last, step };
}
