import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeError } from '../base/errors';
import type { Logger } from '../base/logger';

/** Reads files of the state directory. One that is damaged is told once, left where it is, and disturbs no other. */
export class StoredFiles {
  private readonly told = new Set<string>();

  constructor(private readonly logger: Logger) {}

  /**
   * Undefined where there is no such file, or it is damaged.
   * @param parse throws an Error that says what is wrong.
   * @param todo what comes of a damaged file, and the next step.
   */
  read<T>(file: string, parse: (text: string) => T, todo: string): T | undefined {
    if (!existsSync(file)) return undefined;
    try {
      const value = parse(readFileSync(file, 'utf8'));
      this.told.delete(file);
      return value;
    } catch (error) {
      if (!this.told.has(file)) this.logger.error(`${file} is damaged (${describeError(error)}); ${todo}`);
      this.told.add(file);
      return undefined;
    }
  }
}

/**
 * The JSON in a text, as it is written there: nothing is left out that the shape does not name.
 * @throws Error saying in one line what is wrong with it.
 */
export function parseShaped(text: string, shape: z.ZodType): unknown {
  const json: unknown = JSON.parse(text);
  const checked = shape.safeParse(json);
  if (!checked.success) throw new Error(z.prettifyError(checked.error).replaceAll(/\s*\n\s*/g, ' '));
  return json;
}
