import { basename } from 'node:path';
import { RankwiseError } from '../base/errors';
import { optionDefaults } from '../config/launchModel';
import type { ClusterModel, LaunchModel } from '../config/model';
import { readSbatch } from '../config/sbatch/readSbatch';
import { launchSchema } from '../config/schema/launchSchema';
import type { Plan } from './plan';
import { hostDirectory } from './runDirectory';
import { hasSlurmOption, sbatchOptions, slurmOptionsOf } from './slurmDirectives';
import { LINK_FILE, loginOf, submission } from './slurmLauncher';
import { quote } from '../ssh/quote';
import { submitScript } from './slurmScripts';
import { factsOf, type LaunchSpec } from './spec';

/** A script of the user's, read from the workspace. */
export interface OwnScript {
  /** Path on this machine. */
  path: string;
  text: string;
}

/**
 * Submits the user's own sbatch script, byte for byte, from the workdir. Tasks that its `srun` steps start without an
 * `--output` of their own get a log each: `SLURM_STDOUTMODE` is srun's environment variable for that option. What the
 * script itself prints goes where the script says and is followed there.
 * @throws RankwiseError `launch.noLogin`, `launch.notAScript`, `launch.scriptNotRead`.
 */
export function planOwnScript(spec: LaunchSpec, script: OwnScript | undefined): Plan {
  if (script === undefined) {
    throw new RankwiseError(
      'launch.scriptNotRead',
      `${spec.launch.slurm.script ?? 'the script'} was not read`,
    );
  }
  const { path, text } = script;
  if (!text.startsWith('#!')) {
    throw new RankwiseError(
      'launch.notAScript',
      `${path} does not begin with #!, so sbatch would refuse it`,
      {
        nextStep: 'Begin it with a line such as #!/bin/bash.',
      },
    );
  }
  const login = loginOf(spec);
  const home = factsOf(spec, login.name)?.home ?? `<home on ${login.name}>`;
  const directory = `${home}/${hostDirectory(spec.run, login.name)}`.replaceAll('%', '%%');
  const { args } = slurmOptionsOf(spec);
  const { components } = readSbatch(text);
  const said = new Set(components.flatMap(({ options }) => options.map(({ option }) => option.long)));
  const isArray =
    said.has('array') || hasSlurmOption(args, 'array', 'a') || spec.launch.slurm.array !== undefined;
  const ownsExport = said.has('export') || hasSlurmOption(args, 'export');
  const submit = submitScript(spec, login.name, {
    args: [...givenOptions(spec), ...(ownsExport ? [] : ['--export=ALL'])],
    scriptName: basename(path).replaceAll(/[^\w.-]/g, '_'),
    env: { ...spec.cluster.env, ...spec.launch.env },
    before: [
      `export SLURM_STDOUTMODE=${quote(`${directory}/${isArray ? '%a-' : ''}%s-%t.log`)}`,
      'unset SLURM_STDERRMODE',
    ],
    links: true,
  });
  return submission(spec, submit, [{ path: 'job.sbatch', mode: 0o700, content: text }, LINK_FILE], {
    hasRecords: false,
    np: 0,
    workers: [],
    // Whatever starts its workers may tag their lines.
    tags: 'auto',
    notes: [
      `${basename(path)} is submitted as it is, from the workdir.`,
      'SLURM_STDOUTMODE: each task of an srun step without --output gets a log of its own.',
      'The script keeps no records of its workers: how they ended is what Slurm says of the job.',
      ...(ownsExport
        ? [
            'It has an --export of its own: where that leaves the environment out, there are no logs per task.',
          ]
        : []),
    ],
  });
}

/**
 * A launch of a script chosen by hand (from the editor), with nothing of its own: the script says everything.
 * @param path absolute, on this machine.
 */
export function ownScriptLaunch(cluster: ClusterModel, path: string): LaunchModel {
  const { onWorkerExit, stop, mpirun } = launchSchema.parse({ cluster: cluster.name, launcher: 'slurm' });
  return {
    ...optionDefaults,
    name: basename(path),
    cluster: cluster.name,
    launcher: 'slurm',
    command: [],
    np: undefined,
    env: {},
    files: [],
    onWorkerExit,
    stop,
    mpirun: { ...mpirun, bindTo: mpirun.bindTo, mapBy: mpirun.mapBy },
    slurm: { ...optionDefaults.slurm, script: path },
    source: path,
    range: cluster.range,
  };
}

/** What the launch itself asks for goes on the command line, which wins over the script. */
function givenOptions(spec: LaunchSpec): string[] {
  const { cluster } = spec;
  const own = { ...spec, cluster: { ...cluster, slurm: undefined } };
  return sbatchOptions(own).filter((option) => !option.startsWith('--job-name='));
}
