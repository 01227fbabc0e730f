import type { BaseStep } from '../step/base-step.js';

/**
 * The names of steps beside each other inside a step, which nobody keeps from being equal: one that comes again gets `#2`,
 * `#3` …, and never a name that another step has of itself.
 */
export function childNames(steps: readonly BaseStep[]): string[] {
  const own = new Set(steps.map(({ name }) => name));
  const taken = new Set<string>();
  return steps.map(({ name }) => {
    const unique = taken.has(name) ? firstFree(name, (candidate) => own.has(candidate) || taken.has(candidate)) : name;
    taken.add(unique);
    return unique;
  });
}

function firstFree(name: string, isTaken: (candidate: string) => boolean): string {
  for (let number = 2; ; number += 1) {
    const candidate = `${name}#${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}
