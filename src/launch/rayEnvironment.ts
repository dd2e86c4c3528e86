import type { PlanSecret } from './plan';

/** The variable by which the token of a run reaches the scripts of its Ray nodes. */
const TOKEN: PlanSecret = { variable: 'RANKWISE_RAY_TOKEN', source: 'rankwise:token' };

interface Setting {
  name: string;
  value: string;
  why: string;
}

/** How Ray carries the output of its workers, seen with 2.60: all of it, once, as it was printed. */
const OUTPUT: readonly Setting[] = [
  { name: 'RAY_DEDUP_LOGS', value: '0', why: 'equal lines of several workers all arrive' },
  { name: 'RAY_COLOR_PREFIX', value: '0', why: 'no colours in front of lines' },
  { name: 'RAY_TRAIN_ENABLE_PRINT_PATCH', value: '0', why: 'Ray Train prints each line once' },
  { name: 'RAY_AIR_NEW_OUTPUT', value: '0', why: 'Tune says which process each trial has' },
];

/** Only for a Ray that is started and ended by the run. */
const OWN_NODES: readonly Setting[] = [
  {
    name: 'RAY_gcs_rpc_server_reconnect_timeout_s',
    value: '15',
    why: 'a node ends this many seconds after its head is gone',
  },
  { name: 'RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S', value: '0', why: 'a node that is asked to end does so' },
];

export interface RayEnvironment {
  env: Record<string, string>;
  notes: string[];
  secrets: PlanSecret[];
  /** Whether the run has a token of its own; not where the user's environment already says how Ray authenticates. */
  hasToken: boolean;
}

/** What Rankwise sets for a Ray that others started; the user's environment wins. */
export function rayEnvironment(own: Readonly<Record<string, string>>): RayEnvironment {
  return { ...withDefaults(own, OUTPUT), secrets: [], hasToken: false };
}

/**
 * What Rankwise sets for a Ray of the run's own; the user's environment wins. The token authentication that began with
 * Ray 2.52 is always asked for: an older Ray does not look at these variables.
 */
export function ownRayEnvironment(own: Readonly<Record<string, string>>): RayEnvironment {
  const { env, notes } = withDefaults(own, [...OUTPUT, ...OWN_NODES]);
  if ('RAY_AUTH_MODE' in own) return { env, notes, secrets: [], hasToken: false };
  return {
    env: { ...env, RAY_AUTH_MODE: 'token' },
    notes: [
      ...notes,
      'RAY_AUTH_MODE=token: only who has the token of this run may use its Ray. A Ray older than 2.52 has no lock on its door, which the log of the driver then says.',
    ],
    secrets: [TOKEN],
    hasToken: true,
  };
}

/** As {@link ownRayEnvironment}, for a Ray whose token the job makes by itself. */
export function slurmRayEnvironment(
  own: Readonly<Record<string, string>>,
): Pick<RayEnvironment, 'env' | 'notes'> {
  const { env, notes } = withDefaults(own, [...OUTPUT, ...OWN_NODES]);
  const lock =
    'Only who has the token of the job may use its Ray. A Ray older than 2.52 has no lock on its door.';
  return { env, notes: 'RAY_AUTH_MODE' in own ? notes : [...notes, lock] };
}

function withDefaults(
  own: Readonly<Record<string, string>>,
  defaults: readonly Setting[],
): { env: Record<string, string>; notes: string[] } {
  const added = defaults.filter(({ name }) => !(name in own));
  return {
    env: { ...Object.fromEntries(added.map(({ name, value }) => [name, value])), ...own },
    notes: added.map(({ name, value, why }) => `${name}=${value}: ${why}.`),
  };
}
