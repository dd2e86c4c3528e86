import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSbatch } from '../../../../src/config/sbatch/checkSbatch';
import { compareWithCarets, readCarets } from '../carets';

const folder = join(import.meta.dirname, '../../../fixtures/config/sbatch');

describe('sbatch scripts', () => {
  it.each(readdirSync(folder).sort())('%s has exactly the problems under its carets', (name) => {
    const { text, expected } = readCarets(readFileSync(join(folder, name), 'utf8'));
    expect(compareWithCarets(checkSbatch(text), expected)).toEqual([]);
  });
});
