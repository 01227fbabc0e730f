import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A process that outlived what started it. */
export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes that carry one of these session cookies after `ms` at the latest; they are ended then. */
export async function endLeftProcesses(sessions: readonly string[], ms: number): Promise<LeftProcess[]> {
  const cookies = sessions.map((session) => `STEP_PROTOCOL_SESSION=${session}\0`);
  await settled(() => processesWith(cookies).length === 0, ms);
  const left = processesWith(cookies);
  for (const { pid } of left) endProcess(pid, cookies);
  return left;
}

/** What this process holds of others: pipes and sockets to them, and ended children that nobody has waited for. */
export class OwnHoldings {
  readonly #pipes = openPipes();

  /** What there is more of than at the beginning, in words, after `ms` at the latest. */
  async surplus(ms: number): Promise<string | undefined> {
    await settled(() => this.#surplus() === undefined, ms);
    return this.#surplus();
  }

  #surplus(): string | undefined {
    const [pipes, zombies] = [openPipes() - this.#pipes, zombieChildren()];
    if (pipes > 0) return `${pipes} pipes to it are still open in the kit`;
    return zombies.length > 0 ? `the kit has ended children: ${zombies.join(', ')}` : undefined;
  }
}

async function settled(isSo: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!isSo() && performance.now() < end) await wait(LOOK_MS);
}

const LOOK_MS = 20;

function processesWith(cookies: readonly string[]): LeftProcess[] {
  if (cookies.length === 0) return [];
  return processIds()
    .filter((pid) => carries(pid, cookies))
    .map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, SHOWN) }));
}

const SHOWN = 100;

function carries(pid: number, cookies: readonly string[]): boolean {
  const environment = read(`/proc/${pid}/environ`);
  return cookies.some((cookie) => environment.includes(cookie));
}

/** Looks once more, so that no other process is hit that has got its number meanwhile. */
function endProcess(pid: number, cookies: readonly string[]): void {
  if (!carries(pid, cookies)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended by itself
  }
}

function zombieChildren(): number[] {
  return processIds().filter((pid) => {
    const [, state, parent] = /^\d+ \(.*\) (\S) (\d+)/s.exec(read(`/proc/${pid}/stat`)) ?? [];
    return state === 'Z' && Number(parent) === process.pid;
  });
}

/** Plugins are on the other end of pipes and sockets; files may be opened by whoever else works in this process. */
function openPipes(): number {
  return namesIn('/proc/self/fd').filter((fd) => /^(?:pipe|socket):/.test(targetOf(`/proc/self/fd/${fd}`))).length;
}

function processIds(): number[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Where there is no /proc, nothing of this can be seen. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has ended since, or belongs to somebody else
  }
}

function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // the listing itself had it open
  }
}
