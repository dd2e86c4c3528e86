import type { SiteFacts } from './siteFacts';

/** What is known of the use of an sbatch script beside its text. */
export interface SbatchUse {
  /** What is given on the command line of sbatch, by long option: it wins over the script. */
  given?: Readonly<Record<string, string>> | undefined;
  /** Where somebody looked for the directories of its output ({@link outputDirectories}). */
  directories?: KnownDirectories | undefined;
  /** What the training configuration of the launch says. */
  training?: { file: string; nodes?: number | undefined; gpus?: number | undefined } | undefined;
  /** What the controller said. */
  site?: SiteFacts | undefined;
}

/** Those of the directories of {@link outputDirectories} that exist at a place. */
export interface KnownDirectories {
  known: ReadonlySet<string>;
  /** Such as `beside this script` or `in ~/work on login1`. */
  where: string;
  /** It is where the script is submitted from. */
  certain: boolean;
}
