import { createHash } from 'node:crypto';
import { combinations } from '../config/combinations';
import type { LaunchModel } from '../config/model';
import { applyParameters, type TrialValues } from './parameters';

/** One run of a launch with a matrix or repeats. */
export interface Trial extends TrialValues {
  /** `[a-z0-9][a-z0-9.-]*`, at most 60 characters: for run ids and file names. The same for the same values and repeat. */
  id: string;
  /** For people: `nodes 2 · gpus 0 · run 3 of 3`. */
  label: string;
}

/** Whether a launch is a group of runs and not one run. */
export function isGroup({ matrix, repeat }: LaunchModel): boolean {
  return matrix !== undefined || repeat > 1;
}

/**
 * The runs of a launch: every combination of its matrix (see {@link combinations}) times `repeat`, all repeats of a
 * combination in a row. Without a matrix: one, or one for each repeat. Ids are unique within the launch.
 */
export function expandTrials(launch: LaunchModel): Trial[] {
  const { matrix, repeat: repeats } = launch;
  const all = matrix === undefined ? [{}] : combinations(matrix);
  const names = trialNames(all);
  return all.flatMap((values, index) => {
    const name = names[index] ?? '';
    return Array.from({ length: repeats }, (_, at): Trial => {
      const repeat = at + 1;
      const words = Object.entries(values).map(([key, value]) => `${key} ${value}`);
      const ids = [name];
      if (repeats > 1) {
        words.push(`run ${repeat} of ${repeats}`);
        ids.push(`r${repeat}`);
      }
      return { id: ids.filter(Boolean).join('-') || 'only', label: words.join(' · '), values, repeat };
    });
  });
}

/**
 * The launch with parameters and trial filled in, if that was not done: with defaults, and of several trials the first.
 * For a preview; the note says what is shown. A launch without matrix and repeats has no trials: its one run gets no
 * variables of a trial.
 */
export function resolveLaunch(launch: LaunchModel): { launch: LaunchModel; notes: string[] } {
  if (launch.resolved === true) return { launch, notes: [] };
  const [first, ...others] = expandTrials(launch);
  const notes =
    first === undefined || others.length === 0
      ? []
      : [`One of ${others.length + 1} runs: ${first.label}. Each has a plan of its own.`];
  return { launch: applyParameters(launch, {}, isGroup(launch) ? first : undefined), notes };
}

/** Names by slug where that is short and like no other; else with a digest of the values. */
function trialNames(all: readonly Readonly<Record<string, string>>[]): string[] {
  const slugs = all.map(slugOf);
  const uses = new Map<string, number>();
  for (const slug of slugs) uses.set(slug, (uses.get(slug) ?? 0) + 1);
  const seen = new Map<string, number>();
  return all.map((values, index) => {
    const slug = slugs[index] ?? '';
    if (uses.get(slug) === 1 && slug.length <= 45) return slug;
    const text = JSON.stringify(values);
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    const digest = createHash('sha256').update(`${count} ${text}`).digest('hex').slice(0, 8);
    return [slug.slice(0, 36).replace(/[^a-z0-9]+$/, ''), digest].filter(Boolean).join('-');
  });
}

/** `nodes-2-gpus-0`: other characters than letters, digits and dots become dashes. */
function slugOf(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}-${value}`)
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
}
