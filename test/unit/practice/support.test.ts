import { describe, expect, it } from 'vitest';
import { requirePracticeSupport } from '../../../src/practice/support';

describe('requirePracticeSupport', () => {
  it('lets Linux with a sh and /proc pass', () => {
    expect(() => requirePracticeSupport('linux', () => true)).not.toThrow();
  });

  it.each([
    ['darwin', 'macOS', 'Remote - SSH'],
    ['win32', 'Windows', 'WSL'],
  ] as const)('says on %s what is missing and what to do', (platform, name, step) => {
    expect(() => requirePracticeSupport(platform, () => true)).toThrow(
      expect.objectContaining({
        code: 'practice.needsLinux',
        message: expect.stringContaining(name) as string,
        nextStep: expect.stringContaining(step) as string,
      }) as Error,
    );
  });

  it('names what Linux lacks', () => {
    expect(() => requirePracticeSupport('linux', (path) => path !== '/bin/sh')).toThrow('/bin/sh is missing');
    expect(() => requirePracticeSupport('linux', (path) => path === '/bin/sh')).toThrow('/proc is missing');
  });
});
