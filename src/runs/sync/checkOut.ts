import { randomBytes } from 'node:crypto';
import { RankwiseError } from '../../base/errors';
import type { PlanHost } from '../../launch/plan';
import { quote, quotePath } from '../../ssh/quote';
import { runScript, scriptError } from '../../ssh/runScript';
import { onceForEach } from './onceForEach';
import checkoutScript from './remote/checkout.sh';
import type { ClaimedHost, SyncContext } from './syncFiles';

/**
 * Puts the commit that a launch names into the workdir, once per file system.
 * @returns the exact commit.
 * @throws RankwiseError `run.checkoutInvalid`, `run.checkoutFailed` with the host's own words, `run.checkoutDiffers`.
 */
export async function checkOut(
  context: SyncContext,
  checkout: { repository: string; ref: string },
  claimed: readonly ClaimedHost[],
): Promise<string> {
  const { repository, ref } = checkout;
  if (/^[a-z+]+:\/\/[^/@\s]*:[^/@\s]*@/i.test(repository)) {
    throw new RankwiseError(
      'run.checkoutInvalid',
      'the address of the repository holds a password, which others could see',
      {
        nextStep: 'Use an SSH address, or a credential helper of git on the hosts.',
      },
    );
  }
  if (repository.startsWith('-') || ref.startsWith('-') || repository === '' || ref === '')
    throw new RankwiseError('run.checkoutInvalid', `git would take ${repository} ${ref} for options`);
  const commits = await onceForEach(context, async (host) => ({
    host: host.name,
    commit: await checkOutOn(context, host, checkout, claimed),
  }));
  const [first] = commits;
  const other = commits.find(({ commit }) => commit !== first?.commit);
  if (first === undefined) throw new Error('a launch without hosts');
  if (other !== undefined) {
    throw new RankwiseError(
      'run.checkoutDiffers',
      `${ref} is ${first.commit} on ${first.host}, but ${other.commit} on ${other.host}`,
      { nextStep: 'It moved meanwhile: launch again, or name the commit itself.' },
    );
  }
  return first.commit;
}

async function checkOutOn(
  { ssh, plan, signal }: SyncContext,
  host: PlanHost,
  { repository, ref }: { repository: string; ref: string },
  claimed: readonly ClaimedHost[],
): Promise<string> {
  const tag = `@${randomBytes(8).toString('hex')}`;
  const users = claimed.find((one) => one.host === host)?.claim.users ?? [];
  const script = [
    `tag=${tag}`,
    `workdir=${quotePath(plan.workdir)}`,
    `repository=${quote(repository)} ref=${quote(ref)}`,
    `used=${quote(users.map(({ run }) => run).join(' '))}`,
    checkoutScript,
  ].join('\n');
  const connection = await ssh.connect(host.target, signal);
  const result = await runScript(connection, script, [], signal);
  const commit = new RegExp(`^${tag} commit=([0-9a-f]{40,64})$`, 'm').exec(
    result.stdout.toString('utf8'),
  )?.[1];
  if (result.code === 0 && commit !== undefined) return commit;
  const { message, nextStep } = scriptError(host.name, `Checking out ${ref}`, result);
  throw new RankwiseError('run.checkoutFailed', message, {
    host: host.name,
    ...(nextStep === undefined ? {} : { nextStep }),
  });
}
