/**
 * What a command is about: rows of the trees, lenses and dashboards name it by a field such as `run` or `host`.
 * Undefined from the palette and for anything else.
 */
export function argumentField(
  argument: unknown,
  field: 'launch' | 'cluster' | 'host' | 'run' | 'worker' | 'secret' | 'group' | 'path',
): string | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const value = Object.entries(argument).find(([name]) => name === field)?.[1] as unknown;
  return typeof value === 'string' ? value : undefined;
}
