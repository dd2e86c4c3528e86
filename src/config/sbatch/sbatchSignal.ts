/** The signals that Slurm knows by name; others need their number. */
export const signalNames = [
  'HUP',
  'INT',
  'QUIT',
  'ABRT',
  'KILL',
  'ALRM',
  'TERM',
  'USR1',
  'USR2',
  'URG',
  'CONT',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
  'XCPU',
] as const;

/** Whether sbatch takes a value of `--signal`: `[R|B:]NAME_OR_NUMBER[@SECONDS]`. */
export function isSignal(text: string): boolean {
  const colon = text.indexOf(':');
  const flags = colon === -1 ? undefined : text.slice(0, colon);
  if (flags !== undefined && !/^(?:r|b|rb|br)$/i.test(flags)) return false;
  const rest = text.slice(colon + 1);
  const at = rest.indexOf('@');
  const signal = at === -1 ? rest : rest.slice(0, at);
  const seconds = at === -1 ? '' : rest.slice(at + 1);
  if (!/^\d{0,20}$/.test(seconds) || Number(seconds) > 65_535) return false;
  if (/^[+-]?\d{1,20}$/.test(signal)) return BigInt.asUintN(16, BigInt(signal.replace('+', ''))) !== 0n;
  const name = signal
    .toUpperCase()
    .replace(/^SIG/, '')
    .replace(/(?<![ \t\v\f\r\n])[ \t\v\f\r\n]+$/, '');
  return (signalNames as readonly string[]).includes(name);
}
