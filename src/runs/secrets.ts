import { randomBytes } from 'node:crypto';
import { RankwiseError } from '../base/errors';
import type { Plan } from '../launch/plan';

/** Gives the value of `secret:NAME`, from wherever the person keeps it; undefined where there is none. */
export type SecretSource = (name: string) => Promise<string | undefined>;

/** The value of a {@link Plan.secrets} entry. Lives in memory alone. */
export interface SecretValue {
  variable: string;
  value: string;
}

/**
 * Values of a plan's secrets, the same for all its hosts: `secret:NAME` from the person's store, `env:NAME` from the
 * environment of this program, `rankwise:token` made for this run.
 * @throws RankwiseError `run.secretMissing`.
 */
export async function secretValues(plan: Plan, secretOf: SecretSource): Promise<SecretValue[]> {
  const token = randomBytes(32).toString('hex');
  return Promise.all(
    plan.secrets.map(async ({ variable, source }) => {
      const separator = source.indexOf(':');
      const [kind, name] = [source.slice(0, separator), source.slice(separator + 1)];
      const value =
        source === 'rankwise:token' ? token : kind === 'env' ? process.env[name] : await secretOf(name);
      if (value !== undefined) return { variable, value };
      throw new RankwiseError(
        'run.secretMissing',
        `launch "${plan.launch}" needs \${${source}} for ${variable}, which has no value`,
        {
          nextStep:
            kind === 'env'
              ? `Set ${name} in the environment in which this program is started.`
              : `Store it: Rankwise: Set Secret…, or RANKWISE_SECRET_${name} in the environment on the command line.`,
        },
      );
    }),
  );
}
