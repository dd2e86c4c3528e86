import type { HostModel } from '../config/model';
import { quote, quoteAll, quotePath } from '../ssh/quote';
import { interpreter, renderJob } from './jobScript';
import { hasBash, pathOn, supervised, type LaunchContext, type Supervised } from './launchContext';
import type { PlanFile } from './plan';
import { hostDirectory } from './runDirectory';
import { workdirOf } from './spec';
import submitScript from './raySubmit.sh';

/** The process of a Ray launch that the run is about, and what it needs. */
export interface RayDriver {
  files: PlanFile[];
  driver: Supervised;
}

/**
 * The user's command as Ray's driver.
 * @param before shell text that runs first, after the setup lines.
 */
export function rayDriver(
  context: LaunchContext,
  host: HostModel,
  env: Record<string, string>,
  before: string,
): RayDriver {
  const { command } = context.spec.launch;
  const text = typeof command === 'string' ? command : `exec ${quoteAll(command)}`;
  const driver = supervised(context, host, {
    id: 'driver',
    role: 'launcher',
    title: 'Driver of Ray',
    command: [before, '# the driver', text].join('\n'),
    env,
    tags: 'ray',
  });
  const argv = typeof command === 'string' ? driver.process.argv : command;
  return { files: [], driver: { ...driver, process: { ...driver.process, argv: [...argv] } } };
}

/** Where the job of {@link rayJob} goes. */
export interface RayJobTarget {
  /** Ray's job server, such as `http://127.0.0.1:8265`. */
  address: string;
  /** The job runs on this host itself, which has its script; else the script travels with it. */
  isHere: boolean;
}

/** The user's command as a job of Ray: `job.sh`, and a driver that submits it and shows its output. */
export function rayJob(
  context: LaunchContext,
  host: HostModel,
  env: Record<string, string>,
  before: string,
  target: RayJobTarget,
): RayDriver {
  const { spec } = context;
  const path = `${hostDirectory(spec.run, host.name)}/job.sh`;
  const run = interpreter(hasBash(context, host));
  const content = renderJob({
    title: `The job of launch ${spec.launch.name}, run ${spec.run}, as Ray runs it.`,
    env,
    workdir: workdirOf(spec),
    setup: spec.cluster.setup,
    command: spec.launch.command,
    hasBash: hasBash(context, host),
  });
  // Ray joins these words in ways that differ between versions: none of them has a character to quote.
  const here = `set -- -- ${quoteAll([...run, pathOn(context, host, path)])}`;
  const travelling = [
    'rankwise_package=$(mktemp -d) || exit',
    `cp -- ${quotePath(`~/${path}`)} "$rankwise_package/job.sh" || exit`,
    `set -- --working-dir="$rankwise_package" -- ${quoteAll([...run, 'job.sh'])}`,
  ].join('\n');
  const text = [
    before,
    '# the job',
    `rankwise_job=${quote(spec.run)}`,
    `rankwise_address=${quote(target.address)}`,
    target.isHere ? here : travelling,
    submitScript.trimEnd(),
    ...(target.isHere ? [] : ['rm -rf -- "$rankwise_package"']),
    'exit "$rankwise_code"',
  ].join('\n');
  const driver = supervised(context, host, {
    id: 'driver',
    role: 'launcher',
    title: 'Submits the job of Ray',
    command: text,
    env,
    tags: 'ray',
  });
  const argv = ['ray', 'job', 'submit', '--address', target.address, '--', ...run, 'job.sh'];
  return {
    files: [{ host: host.name, path: `${host.name}/job.sh`, mode: 0o700, content }],
    driver: { ...driver, process: { ...driver.process, argv } },
  };
}
