import type { SbatchUse } from '../config/sbatch/sbatchUse';

/** What the service is told of the world: what is known of the script's use, and of the site. */
export type SbatchContext = SbatchUse;
