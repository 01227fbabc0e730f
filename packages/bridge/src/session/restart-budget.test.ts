import { describe, expect, it } from 'vitest';
import { RestartBudget } from './restart-budget.js';

describe('a restart budget', () => {
  it('doubles the pause up to the longest, half of it by chance, and is used up', () => {
    let random = 0;
    const clock = { now: () => 0, random: () => random };
    const budget = new RestartBudget({ limit: 9, windowMs: 1000, delayMs: 100, longestDelayMs: 5000, clock });
    const pauses = Array.from({ length: 4 }, () => budget.take());
    random = 1;
    expect([...pauses, budget.take(), budget.take(), budget.take(), budget.take(), budget.take()]).toEqual([
      0, 50, 100, 200, 800, 1600, 3200, 5000, 5000,
    ]);
    expect(budget.take()).toBeUndefined();
  });

  it('forgets restarts that are older than its window', () => {
    let now = 0;
    const clock = { now: () => now, random: () => 1 };
    const budget = new RestartBudget({ limit: 2, windowMs: 1000, delayMs: 100, longestDelayMs: 5000, clock });
    expect(budget.take()).toBe(0);
    now = 600;
    expect(budget.take()).toBe(100);
    expect(budget.take()).toBeUndefined();
    now = 1000;
    expect(budget.take()).toBe(100);
    now = 5000;
    expect(budget.take()).toBe(0);
  });
});
