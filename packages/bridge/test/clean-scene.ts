import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { watchMemory } from './peak-memory.js';
import { until } from './processes.js';

/**
 * Whatever a test does with plugins from here on, its end finds the host as it was: no process that came of it, no zombie,
 * no descriptor more than before, no rejection that nobody handled and no warning of too many listeners; and on the way its
 * memory has not grown beyond a bound, which {@link mayTakeMemory} sets for what is large by itself.
 *
 * Each process is known by a variable of its environment, which goes down to children of children (`LC_` names are on the
 * list of what plugins get); that of a session would be missing where connecting fails.
 */
export function leavesCleanScene(): void {
  if (process.env[MARK] !== undefined) return; // the outermost of a test looks after all of it
  const mark = randomUUID();
  process.env[MARK] = mark;
  const descriptors = openDescriptors().length;
  const grown = watchMemory();
  mostMib = USUAL_MIB;
  const complaints: string[] = [];
  const onWarning = (warning: Error): void => void complaints.push(`${warning.name}: ${warning.message}`);
  const onRejection = (reason: unknown): void => void complaints.push(`unhandled rejection: ${String(reason)}`);
  process.on('warning', onWarning);
  process.on('unhandledRejection', onRejection);

  onTestFinished(async () => {
    delete process.env[MARK];
    try {
      await until(() => markedProcesses(mark).length === 0, { what: 'no process is left' });
      await until(() => zombies().length === 0, { what: 'no child is defunct' });
      await until(() => openDescriptors().length <= descriptors, { what: 'the descriptors are closed' });
    } finally {
      process.off('warning', onWarning);
      process.off('unhandledRejection', onRejection);
      grown();
    }
    expect(complaints).toEqual([]);
    expect(grown(), 'MiB by which the memory of the host has grown').toBeLessThan(mostMib);
  });
}

/** Lets the running test take more memory than is usual, for what it holds itself. */
export function mayTakeMemory(mib: number): void {
  mostMib = mib;
}

const MARK = 'LC_TEST_SCENE';
/** What a test may take, in MiB: a message of 8 MiB a few times, and what V8 has not collected yet. */
const USUAL_MIB = 128;
let mostMib = USUAL_MIB;

function markedProcesses(mark: string): string[] {
  return processIds().filter((pid) => read(`/proc/${pid}/environ`).includes(`${MARK}=${mark}\0`));
}

/** Children of this process that have ended and that nobody has waited for. */
function zombies(): string[] {
  return processIds().filter((pid) => {
    const [, state, parent] = /^\d+ \(.*\) (\S) (\d+)/s.exec(read(`/proc/${pid}/stat`)) ?? [];
    return state === 'Z' && Number(parent) === process.pid;
  });
}

function processIds(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** What this process has open.*/
function openDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // the listing itself had it open
    }
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has ended since, or belongs to somebody else
  }
}
