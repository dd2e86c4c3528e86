import { RankwiseError } from '../base/errors';
import { argumentLists, isResource, resourceNames, resourceProblem } from '../config/argumentLists';
import type { LaunchModel } from '../config/model';
import { environmentNamePattern, insidePathPattern } from '../config/names';
import { fillReferences, type Reference } from '../config/references';
import { suggest } from '../config/suggest';

/** One run of a launch's matrix, as references name it. */
export interface TrialValues {
  id: string;
  /** From 1. */
  repeat: number;
  /** Values of the matrix, by parameter or resource. */
  values: Readonly<Record<string, string>>;
}

/**
 * What a person chose, as one set of values: presets in their order, then single settings (`--preset x4 --set np=4`).
 * @throws RankwiseError `launch.unknownPreset`
 */
export function chosenValues(
  launch: LaunchModel,
  presets: readonly string[],
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  const chosen = presets.map((name) => {
    const preset = Object.hasOwn(launch.presets, name) ? launch.presets[name] : undefined;
    if (preset !== undefined) return preset;
    const known = Object.keys(launch.presets);
    const near = suggest(name, known);
    throw new RankwiseError('launch.unknownPreset', `launch "${launch.name}" has no preset "${name}"`, {
      nextStep: nextStep(near, known, 'It has no presets.'),
    });
  });
  return Object.assign({}, ...chosen, settings) as Record<string, string>;
}

/**
 * The launch with parameters, resources and trial filled in. Pure. Values are literal text, whatever characters they have:
 * they enter only elements of lists and the environment, and are not looked at for references again.
 * Where the command is text, each parameter whose name can be one is a variable of the environment, and so are the values
 * of the matrix, `trial` and `repeat`; a variable that `env:` names itself is left alone.
 * @param values parameters and resources (`nodes`, `gpus`, `np`, `partition`) by name; they win over defaults
 * @param trial undefined: no run of a matrix, so `${matrix.x}` cannot be filled in
 * @throws RankwiseError `launch.unknownParameter`, `launch.badParameter`, `launch.needsTrial`, `launch.variedParameter`
 * where a value contradicts the trial
 */
export function applyParameters(
  launch: LaunchModel,
  values: Readonly<Record<string, string>>,
  trial?: TrialValues,
): LaunchModel {
  if (launch.resolved === true) return launch;
  refuseContradiction(values, trial);
  const given = { ...values, ...trial?.values };
  refuseUnknown(launch, given);
  const params: Record<string, string> = { ...launch.params };
  for (const [name, value] of Object.entries(given)) if (!isResource(name)) params[name] = value;
  const fill = (text: string): string =>
    fillReferences(text, (reference) => valueOf(launch, reference, params, given, trial));
  const filled = withLists(launch, fill);
  refuseOutside(filled);
  const fetched = new Set(launch.secrets?.map(({ variable }) => variable));
  const variables = isText(launch) ? shellVariables(params, given, trial) : {};
  const own = Object.entries(variables).filter(([name]) => !fetched.has(name));
  const env = Object.entries(launch.env).map(([name, value]) => [name, fill(value)] as const);
  return {
    ...withResources(filled, given),
    env: { ...Object.fromEntries(own), ...Object.fromEntries(env) },
    params,
    resolved: true,
  };
}

function refuseContradiction(values: Readonly<Record<string, string>>, trial: TrialValues | undefined): void {
  for (const [name, value] of Object.entries(trial?.values ?? {})) {
    if (!Object.hasOwn(values, name) || values[name] === value) continue;
    throw new RankwiseError('launch.variedParameter', `${name} is varied by the matrix of the launch`, {
      nextStep: `Do not set ${name}, or choose the runs of the matrix by its value.`,
    });
  }
}

function refuseUnknown(launch: LaunchModel, given: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (isResource(name)) {
      const problem = resourceProblem(name, value);
      if (problem === undefined) continue;
      throw new RankwiseError('launch.badParameter', `${name} must be ${problem}, not "${value}"`, {
        nextStep: `Give ${name} another value.`,
      });
    }
    if (Object.hasOwn(launch.params, name)) continue;
    const known = [...Object.keys(launch.params), ...resourceNames];
    throw new RankwiseError('launch.unknownParameter', `launch "${launch.name}" has no parameter "${name}"`, {
      nextStep: nextStep(suggest(name, known), known, ''),
    });
  }
  const withNul = Object.entries(given).find(([, value]) => value.includes('\0'));
  if (withNul === undefined) return;
  throw new RankwiseError('launch.badParameter', `the value of ${withNul[0]} holds a NUL character`, {
    nextStep: 'No argument and no variable can hold one. Take it out.',
  });
}

function nextStep(near: string | undefined, known: readonly string[], none: string): string {
  const all = known.length === 0 ? none : `Known: ${known.join(', ')}.`;
  return near === undefined ? all : `Did you mean ${near}? ${all}`;
}

/** Undefined: the reference stays as it is written. */
function valueOf(
  launch: LaunchModel,
  { kind, name, text }: Reference,
  params: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
  trial: TrialValues | undefined,
): string | undefined {
  const own = Object.hasOwn(params, name) ? params[name] : undefined;
  switch (kind) {
    case 'params':
    case 'short':
      return own;
    case 'matrix':
    case 'trial': {
      if (trial === undefined) {
        throw new RankwiseError(
          'launch.needsTrial',
          `${text} of launch "${launch.name}" has a value only in a run of its matrix`,
          {
            nextStep: 'Choose one combination of the matrix.',
          },
        );
      }
      if (kind === 'trial') return trial.id;
      const value = Object.hasOwn(given, name) ? given[name] : (own ?? resourceOf(launch, name));
      if (value !== undefined) return value;
      const message = `${text} of launch "${launch.name}" has no value in run ${trial.id}`;
      throw new RankwiseError('launch.badParameter', message, {
        nextStep: `Give ${name} a value in each combination of the matrix, or beside \`command:\`.`,
      });
    }
    case 'repeat':
      return String(trial?.repeat ?? 1);
    case 'secret':
    case 'env':
      return undefined;
  }
}

function resourceOf(launch: LaunchModel, name: string): string | undefined {
  if (!isResource(name)) return undefined;
  const value = name === 'partition' ? launch.slurm.partition : launch[name];
  return value === undefined ? undefined : String(value);
}

/** The launch with every element of its argument lists filled in. */
function withLists(launch: LaunchModel, fill: (text: string) => string): LaunchModel {
  const filled = structuredClone(launch);
  for (const keys of argumentLists) {
    const key = keys.at(-1) ?? '';
    const parent = keys.slice(0, -1).reduce<unknown>((value, step) => child(value, step), filled);
    const list = child(parent, key);
    if (!Array.isArray(list)) continue;
    (parent as Record<string, unknown>)[key] = list.map((item: string) => fill(item));
  }
  return filled;
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** A value must not lead an output out of the workdir. */
function refuseOutside({ outputs }: LaunchModel): void {
  const outside = outputs.find((glob) => !insidePathPattern.test(glob));
  if (outside === undefined) return;
  throw new RankwiseError('launch.badParameter', `the output "${outside}" is not below the workdir`, {
    nextStep: 'Choose values without `..` and without a leading slash.',
  });
}

function isText({ command, slurm }: LaunchModel): boolean {
  return typeof command === 'string' || slurm.script !== undefined;
}

function shellVariables(
  params: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
  trial: TrialValues | undefined,
): Record<string, string> {
  const all = {
    ...params,
    ...(trial === undefined ? {} : { ...given, trial: trial.id, repeat: String(trial.repeat) }),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => environmentNamePattern.test(name)));
}

function withResources(launch: LaunchModel, given: Readonly<Record<string, string>>): LaunchModel {
  const whole = (name: 'np' | 'nodes' | 'gpus'): number | undefined =>
    given[name] === undefined ? launch[name] : Number(given[name]);
  return {
    ...launch,
    np: whole('np'),
    nodes: whole('nodes'),
    gpus: whole('gpus'),
    slurm: { ...launch.slurm, partition: given.partition ?? launch.slurm.partition },
  };
}
