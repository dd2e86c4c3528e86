/** What sbatch makes of a script: it takes it, refuses it at every site, or this site cannot give what it asks for. */
export type SbatchVerdict = 'taken' | 'refused' | 'site';

/** What depends on how this site is configured, or on files that are not there. */
const siteWords =
  /database|Could not open user environment file|error opening file|Hostlist is empty|Invalid --nodefile|Invalid --bbf|not allowed in slurm\.conf|admins/;
/** Refused by the controller, but by the one of every site. */
const grammarWords = /Invalid job array specification|Job dependency problem/;
/** Which generic resources there are is the site's matter; that options need each other is not. */
const resourceWords =
  /used without either|requires --sockets-per-node|mutually exclusive|did not request any GPU|needs either a GRES GPU/;

/** Tells refusals by the option parser from those for want of what the site does not have. */
export function sbatchVerdict(code: number | null, said: string): SbatchVerdict {
  if (code === 0) return 'taken';
  if (siteWords.test(said)) return 'site';
  if (code === 255) return 'refused';
  if (/^(?:sbatch: error: )?allocation failure/m.test(said))
    return grammarWords.test(said) ? 'refused' : 'site';
  if (/Invalid generic resource|GRES/.test(said)) return resourceWords.test(said) ? 'refused' : 'site';
  return 'refused';
}
