import { expect } from 'vitest';
import { readConfig } from '../../../src/config/readConfig';
import type { LaunchModel } from '../../../src/config/model';
import { importCommand } from '../../../src/imports/importCommand';
import { importedInto } from '../../../src/imports/importedInto';
import type { ImportedLaunch } from '../../../src/imports/renderLaunch';
import { applyEdits } from '../../../src/language/applyEdits';
import type { Plan } from '../../../src/launch/plan';
import { planLaunch } from '../../../src/launch/planLaunch';
import { factsFor } from '../../support/launchSpecs';

export interface PlannedImport {
  yaml: string;
  launch: LaunchModel;
  plan: Plan;
  /** The words of the process that the launch is about. */
  argv: string[];
  /** All scripts of the plan, one after the other. */
  scripts: string;
  dropped: string[];
}

/** An import written into a new `rankwise.yaml`, which must have no finding, and the plan of its launch. */
export async function plannedImport(
  imported: ImportedLaunch,
  hostfile = 'node1 slots=8\nnode2 slots=8\nnode3 slots=8\nnode4 slots=8\n',
): Promise<PlannedImport> {
  const inserted = importedInto(undefined, imported);
  const yaml = applyEdits('', inserted?.edits ?? []);
  const script = imported.file?.text ?? '#!/bin/bash\n#SBATCH --ntasks=1\nsrun python train.py\n';
  const model = await readConfig(
    '/ws/rankwise.yaml',
    (path) =>
      Promise.resolve(
        path === '/ws/rankwise.yaml' ? yaml : /\.(?:sh|sbatch)$/.test(path) ? script : hostfile,
      ),
    undefined,
  );
  expect(model.problems, yaml).toEqual([]);
  const launch = model.launches.find(({ name }) => name === inserted?.launch);
  const cluster = model.clusters.find(({ name }) => name === launch?.cluster);
  if (launch === undefined || cluster === undefined) throw new Error(`no launch in ${yaml}`);
  const hosts =
    cluster.remoteHostfile === undefined ? cluster.hosts : cluster.head === undefined ? [] : [cluster.head];
  const machines = [
    ...hosts,
    ...(cluster.head === undefined ? [] : [cluster.head]),
    ...(cluster.slurm === undefined ? [] : [cluster.slurm.login]),
  ];
  const plan = planLaunch({
    run: 'run-1',
    launch,
    cluster: { ...cluster, hosts },
    facts: factsFor(machines),
    ...(launch.slurm.script === undefined
      ? {}
      : { script: { path: `/ws/${launch.slurm.script}`, text: script } }),
  });
  const main = plan.processes.find(({ role }) => role === 'launcher') ?? plan.processes[0];
  return {
    yaml,
    launch,
    plan,
    argv: main?.argv ?? [],
    scripts: plan.files.map(({ content }) => content).join('\n'),
    dropped: imported.dropped,
  };
}

/** The one launch of a text. */
export async function plan(text: string, hostfile?: string): Promise<PlannedImport> {
  const { launches } = importCommand(text);
  expect(launches, text).toHaveLength(1);
  return plannedImport(launches[0]!, hostfile);
}

/** Fails unless the words stand in a list, in this order and side by side. */
export function expectWords(list: readonly string[], ...words: string[]): void {
  const at = list.findIndex((_, index) => words.every((word, offset) => list[index + offset] === word));
  expect(at, `${words.join(' ')} in ${list.join(' ')}`).toBeGreaterThanOrEqual(0);
}
