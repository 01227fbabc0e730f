import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { vi } from 'vitest';

/** Marks all that is started from now on, by a variable that goes down to children of children. */
export function processesMarked() {
  const mark = randomUUID();
  vi.stubEnv(MARK, mark);
  const all = (): string[] =>
    readdirSync('/proc').filter((id) => /^\d+$/.test(id) && read(id, 'environ').includes(`${MARK}=${mark}`));
  return {
    /** The one whose command line holds a text. */
    find: (text: string): number => Number(all().find((id) => read(id, 'cmdline').includes(text))),
    /** Resolves once none of them is left; throws when that takes too long. */
    async areGone(): Promise<void> {
      const end = performance.now() + 20_000;
      while (all().length > 0) {
        if (performance.now() > end)
          throw new Error(
            `still there: ${all()
              .map((id) => read(id, 'cmdline'))
              .join('\n')}`,
          );
        await wait(5);
      }
    },
  };
}

const MARK = 'LC_TEST_MARK';

function read(id: string, what: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${id}/${what}`, 'latin1');
  } catch {
    return ''; // it has ended since, or belongs to somebody else
  }
}
