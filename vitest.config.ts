import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Remote scripts are imported as text, as esbuild does for the bundle. */
const shellText = {
  name: 'shell-text',
  enforce: 'pre' as const,
  load(id: string): string | undefined {
    return id.endsWith('.sh') ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : undefined;
  },
};

export default defineConfig({
  plugins: [shellText],
  test: {
    // Limits are for what hangs: a busy machine is slow, and a wait ends by its condition.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'webview',
          include: ['test/webview/**/*.test.ts'],
          environment: 'happy-dom',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // Real programs on two cores: one file at a time.
      {
        extends: true,
        test: {
          name: 'vscode',
          include: ['test/vscode/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 120_000 } },
          poolOptions: { forks: { singleFork: true } },
        },
      },
      {
        extends: true,
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
