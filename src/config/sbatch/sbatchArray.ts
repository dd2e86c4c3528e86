/** Whether Slurm takes a text for the indices of an array: `0-15`, `1,3,5`, `0-15:4`, `0-15%4`. */
export function isArray(text: string): boolean {
  if (text === '') return true;
  return arrayItems(text).every((item) => {
    const [, first, last, step] = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(item) ?? [];
    if (first === undefined) return false;
    return last === undefined || (Number(last) >= Number(first) && (step === undefined || Number(step) > 0));
  });
}

/** How many tasks an array has, and its highest index. */
export function arraySize(text: string): { tasks: number; highest: number } {
  let tasks = 0;
  let highest = 0;
  for (const item of arrayItems(text)) {
    const [first = 0, last = first, step = 1] = item.split(/[-:]/).map(Number);
    tasks += Math.floor((last - first) / Math.max(1, step)) + 1;
    highest = Math.max(highest, last);
  }
  return { tasks, highest };
}

function arrayItems(text: string): string[] {
  const percent = text.indexOf('%');
  const indices = percent === -1 ? text : text.slice(0, percent);
  return indices
    .replace(/^\[(.*)\]$/, '$1')
    .split(',')
    .filter((item) => item !== '');
}
