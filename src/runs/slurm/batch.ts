/** Whether an id is that of the job script's own records: `batch`, or `batch-TASK` in an array. */
export function isBatch(id: string): boolean {
  return /^batch(?:-\d+)?$/.test(id);
}
