import type { SecretVariable } from './model';
import { referencesIn } from './references';

/** Parts an environment into literal values and those that are fetched at the start (`${secret:NAME}`, `${env:NAME}`). */
export function splitSecrets(env: Readonly<Record<string, string>>): {
  env: Record<string, string>;
  secrets: SecretVariable[];
} {
  const plain: Record<string, string> = {};
  const secrets: SecretVariable[] = [];
  for (const [variable, value] of Object.entries(env)) {
    const [reference] = referencesIn(value);
    if (reference?.text === value && (reference.kind === 'secret' || reference.kind === 'env')) {
      secrets.push({ variable, source: `${reference.kind}:${reference.name}` });
    } else plain[variable] = value;
  }
  return { env: plain, secrets };
}
