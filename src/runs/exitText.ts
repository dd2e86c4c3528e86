import type { RunExit } from './model';

/** What a shell's exit status usually means, in two words; why belongs to an explanation. Undefined where the number says nothing. */
function exitHint(code: number): string | undefined {
  switch (code) {
    case 126:
      return 'not executable';
    case 127:
      return 'command not found';
    case 130:
      return 'interrupted';
    case 134:
      return 'aborted';
    case 137:
      return 'killed';
    case 139:
      return 'segmentation fault';
    case 143:
      return 'terminated';
    default:
      return undefined;
  }
}

/** `exit 137 (killed)`. */
export function exitText(code: number): string {
  const hint = exitHint(code);
  return hint === undefined ? `exit ${code}` : `exit ${code} (${hint})`;
}

/** `exit 3 on node2/0`: whose exit it is where that is known. */
export function exitWithPlace({ code, process }: RunExit): string {
  return process === undefined ? exitText(code) : `${exitText(code)} on ${process}`;
}
