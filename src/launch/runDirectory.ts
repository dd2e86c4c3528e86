/** Where a run lives on a host, relative to the home directory (where SSH commands start). */
export function runDirectory(run: string): string {
  return `.rankwise/runs/${run}`;
}

/** The part of the run directory that only this host writes. */
export function hostDirectory(run: string, host: string): string {
  return `${runDirectory(run)}/${host}`;
}
