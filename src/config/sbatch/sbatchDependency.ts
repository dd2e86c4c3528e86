import { int32, wholeNumber } from './sbatchNumbers';

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
  // An old spelling: numbers of jobs alone, `0` for none.
  if (/^(?:0?|[1-9]\d*(?:,[1-9]\d*)*)$/.test(text)) return true;
  return text.split(/[,?]/).every((item) => {
    const [type = '', ...jobs] = item.split(':');
    if (type.toLowerCase() === 'singleton') return jobs.length === 0;
    if (!(dependencyTypes as readonly string[]).includes(type.toLowerCase())) return false;
    return jobs.length > 0 && jobs.every(isJob);
  });
}

/** A number as strtol reads it, of 32 bits that are not all zero; an index of an array; minutes to wait. */
function isJob(text: string): boolean {
  const [, job] = /^([ \t]*[+-]?\d+)(?:_(?:[ \t]*[+-]?\d+|\*))?(?:\+\d+)?$/.exec(text) ?? [];
  const number = job === undefined ? undefined : wholeNumber(job);
  return number !== undefined && int32(number) !== 0;
}
