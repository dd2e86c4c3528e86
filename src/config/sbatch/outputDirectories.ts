import { optionsOf, readSbatch } from './readSbatch';

/**
 * The directories that a script wants its output in, as they count from where it is submitted: relative without `./`, or
 * absolute. Those that only Slurm knows (`%x`) or nobody expands (`$HOME`) are left out.
 */
export function outputDirectories(text: string): string[] {
  const options = optionsOf(readSbatch(text));
  const chdir = options.get('chdir')?.value;
  const paths = [options.get('output')?.value, options.get('error')?.value];
  return [...new Set(paths.flatMap((path) => outputDirectory(path ?? '', chdir) ?? []))];
}

/** @param chdir the directory of `--chdir`, from which relative paths count */
export function outputDirectory(path: string, chdir = '.'): string | undefined {
  const whole = path.startsWith('/') ? path : `${chdir}/${path}`;
  const plain = whole.replaceAll(/\/+/g, '/').replace(/^(?:\.\/)+/, '');
  const slash = plain.lastIndexOf('/');
  if (slash <= 0) return undefined;
  const directory = plain.slice(0, slash);
  return /[%$~]/.test(directory) || directory === '.' || directory === '..' ? undefined : directory;
}
