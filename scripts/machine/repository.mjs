import { fileURLToPath } from 'node:url';

/** The root of the checkout these scripts are in, without a trailing slash. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
