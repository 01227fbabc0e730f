import { Worker } from 'node:worker_threads';
import { errorMessage } from '@synapse-steps/core';

/**
 * Watches over the stdin of this process from a thread of its own, as the loop of this one hears of nothing while a step
 * computes or waits for a child: when stdin has ended, and the loop has not made an end within its time, the process is
 * killed with its group. Costs nothing for a call; the thread begins with the first one.
 */
export class HostWatch {
  #isStarted = false;

  /** Begins to watch, unless it has. To be called before code of a step runs, which may never let go of the loop. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    try {
      // nothing that this process was started with is loaded a second time
      const worker = new Worker(WATCH, {
        eval: true,
        execArgv: [],
        env: {},
        workerData: { pauseMs: PAUSE_MS, graceMs: GRACE_MS },
      });
      worker.on('error', complain);
      worker.unref();
    } catch (error) {
      complain(error); // as where Node's permissions forbid threads
    }
  }
}

/** Leaves, and takes along what steps have started if no host is there to do so: by then another one is the parent. */
export function leaveWithHost(code: number, parentAtStart: number): never {
  if (process.ppid !== parentAtStart) killOwnGroup();
  process.exit(code);
}

function killOwnGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it leads no group, and that of others is not touched
  }
}

function complain(error: unknown): void {
  process.stderr.write(
    `This plugin cannot watch for the death of its host while a step blocks it: ${errorMessage(error)}\n`,
  );
}

const PAUSE_MS = 500;
/** A little more than the loop takes for its own end, so that this one is only needed where that does not come. */
const GRACE_MS = 2500;

/**
 * The thread, as text because it has to run from sources and from a bundle alike. Reading would take bytes away from the
 * loop; but a stdin that is a socket, as Node gives its children, refuses even an empty write once its other end is
 * closed. Of one that is none (a pipe, a file) nothing can be told that way, and the loop alone looks after it.
 */
const WATCH = `
const { writeSync } = require('node:fs');
const { workerData } = require('node:worker_threads');

const nothing = new Uint8Array(0);
const clock = new Int32Array(new SharedArrayBuffer(4));
const pause = (ms) => Atomics.wait(clock, 0, 0, ms);

function codeOfWrite() {
  try {
    writeSync(0, nothing);
  } catch (error) {
    return error.code;
  }
}

let code;
while ((code = codeOfWrite()) === undefined) pause(workerData.pauseMs);
if (code === 'EPIPE') {
  pause(workerData.graceMs);
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL'); // it leads no group
  }
}
`;
