export const dependencyTypes = [
  'after',
  'afterany',
  'afterburstbuffer',
  'aftercorr',
  'afternotok',
  'afterok',
  'expand',
  'singleton',
] as const;

/** Whether every controller takes the grammar of `--dependency`; whether its jobs are there is another matter. */
export function isDependency(text: string): boolean {
  // An old spelling: numbers of jobs alone.
  if (/^[\d:]*$/.test(text)) return true;
  return text.split(/[,?]/).every((item) => {
    const [type = '', ...jobs] = item.split(':');
    if (type.toLowerCase() === 'singleton') return jobs.length === 0;
    if (!(dependencyTypes as readonly string[]).includes(type.toLowerCase())) return false;
    return jobs.length > 0 && jobs.every((job) => /^\d+(?:_(?:\d+|\*))?(?:\+\d+)?$/.test(job));
  });
}
