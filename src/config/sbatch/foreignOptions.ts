/** What sbatch takes in lines of another batch system, as getopt_long has it. */
export interface ForeignOptions {
  /** Letters that have a value. */
  valued: string;
  /** Letters that have none. */
  plain: string;
  /** Long spellings and the letter of each. */
  long: Readonly<Record<string, string>>;
}

/** Slurm 22.05 (src/sbatch/xlate.c, tried on it). */
export const foreignOptions: Readonly<Record<'#PBS' | '#BSUB', ForeignOptions>> = {
  '#PBS': {
    valued: 'acejklmopqrtuvACJMNSW',
    plain: 'hzIV',
    long: {
      start_time: 'a',
      account: 'A',
      checkpoint: 'c',
      working_dir: 'C',
      error: 'e',
      hold: 'h',
      interactive: 'I',
      join: 'j',
      job_array: 'J',
      keep: 'k',
      resource_list: 'l',
      mail_options: 'm',
      mail_user_list: 'M',
      job_name: 'N',
      out: 'o',
      priority: 'p',
      destination: 'q',
      rerunable: 'r',
      script_path: 'S',
      array: 't',
      running_user: 'u',
      variable_list: 'v',
      all_env: 'V',
      attributes: 'W',
      no_std: 'z',
    },
  },
  '#BSUB': {
    valued: 'cemnoqJMW',
    plain: 'x',
    long: {
      cwd: 'c',
      error_file: 'e',
      job_name: 'J',
      hostname: 'm',
      memory_limit: 'M',
      output_file: 'o',
      queue_name: 'q',
      time: 'W',
      exclusive: 'x',
    },
  },
};

/** The letter of a long spelling without its dashes, or of the only one that begins so. */
export function foreignLetter({ long }: ForeignOptions, name: string): string | undefined {
  const exact = Object.hasOwn(long, name) ? long[name] : undefined;
  if (exact !== undefined) return exact;
  const letters = Object.keys(long).flatMap((one) => (one.startsWith(name) ? (long[one] ?? []) : []));
  return letters.length === 1 ? letters[0] : undefined;
}
