import { RankwiseError } from '../base/errors';
import { preflightChecks, type LaunchModel, type PreflightCheck } from '../config/model';
import { chosenValues } from '../launch/parameters';
import type { RunGroup } from './runGroup';

/** What a person chose for one start of a launch. */
export interface LaunchOptions {
  /** Values of parameters and resources (`nodes`, `gpus`, `np`, `partition`) by name; they win over the presets. */
  set?: Readonly<Record<string, string>>;
  preset?: string | undefined;
  /** Becomes part of the run's title and id. */
  name?: string | undefined;
  /** Checks before the start to leave out, beside those that the launch names. */
  skipChecks?: readonly string[];
  /** Goes on from the newest checkpoint, as `resume:` of the launch says. */
  resume?: boolean;
}

/** What the queue says of a run it starts. */
export interface StartOptions {
  /** Chosen before the start, so that whoever comes after an interruption knows where to look. */
  id?: string;
  name?: string | undefined;
  group?: RunGroup;
  /** Milliseconds since the epoch at which the trial began to wait. */
  queuedAt?: number;
}

/** The values a person chose. @throws RankwiseError `launch.unknownPreset` */
export function valuesOf(launch: LaunchModel, options: LaunchOptions): Record<string, string> {
  return chosenValues(launch, options.preset === undefined ? [] : [options.preset], options.set ?? {});
}

/** The launch with further checks left out. @throws RankwiseError `launch.unknownCheck` */
export function skippingChecks(launch: LaunchModel, checks: readonly string[] = []): LaunchModel {
  const known = (check: string): check is PreflightCheck => preflightChecks.some((one) => one === check);
  const skipped = checks.map((check) => {
    if (known(check)) return check;
    throw new RankwiseError('launch.unknownCheck', `there is no check "${check}"`, {
      nextStep: `Known: ${preflightChecks.join(', ')}.`,
    });
  });
  return { ...launch, skipChecks: [...new Set([...launch.skipChecks, ...skipped])] };
}
