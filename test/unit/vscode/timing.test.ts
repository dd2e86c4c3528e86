import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Debouncer } from '../../../src/vscode/config/debouncer';
import { KeyedThrottle } from '../../../src/base/keyedThrottle';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a throttle by key', () => {
  it('names each key once per interval and drops none', () => {
    const calls: string[][] = [];
    const throttle = new KeyedThrottle(100, (keys) => calls.push([...keys]));
    throttle.changed('a');
    throttle.changed('b');
    throttle.changed('a');
    vi.advanceTimersByTime(100);
    throttle.changed('b');
    vi.advanceTimersByTime(100);
    expect(calls).toEqual([['a', 'b'], ['b']]);
    throttle.changed('c');
    throttle.dispose();
    vi.advanceTimersByTime(100);
    expect(calls).toHaveLength(2);
  });
});

describe('a debouncer', () => {
  it('waits for quiet, never runs twice at once, and runs again when asked meanwhile', async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    const debouncer = new Debouncer(async () => {
      calls++;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running--;
    });
    debouncer.after(10);
    await vi.advanceTimersByTimeAsync(5);
    debouncer.after(10);
    await vi.advanceTimersByTimeAsync(9);
    expect(calls).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toBe(1);
    debouncer.after(0);
    await vi.advanceTimersByTimeAsync(200);
    expect([calls, most]).toEqual([2, 1]);
    debouncer.after(0);
    debouncer.dispose();
    await vi.advanceTimersByTimeAsync(200);
    expect(calls).toBe(2);
  });
});
