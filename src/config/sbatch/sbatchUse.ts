import type { SiteFacts } from './siteFacts';

/** What is known of the use of an sbatch script beside its text. */
export interface SbatchUse {
  /** What is given on the command line of sbatch, by long option: it wins over the script. */
  given?: Readonly<Record<string, string>> | undefined;
  /**
   * Directories that exist, as the script may write them: relative to where it is submitted from (without `./`), or
   * absolute. Undefined where nobody looked; an output directory outside what is listed is then missing.
   */
  directories?: ReadonlySet<string> | undefined;
  /** What the training configuration of the launch says. */
  training?: { file: string; nodes?: number | undefined; gpus?: number | undefined } | undefined;
  /** What the controller said. */
  site?: SiteFacts | undefined;
}
