export function nearOption(_launcher: string, _option: string): string | undefined {
  return undefined;
}
