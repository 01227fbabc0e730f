// Where processes run decides round trips as much as what they do: on two cores placement alone moves them two- or
// three-fold. So host and plugin are put on one core, on one each, and left alone.
import { availableParallelism } from 'node:os';
import { readdir, readFile } from 'node:fs/promises';
import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';

const placements = ['one core', 'one each', 'free'] as const;
export type Placement = (typeof placements)[number];

/** What this machine can do; the rest is said in `notes`. */
export async function availablePlacements(): Promise<{ placements: readonly Placement[]; notes: readonly string[] }> {
  if (process.platform !== 'linux') {
    return { placements: ['free'], notes: ['processes can be put on a core on Linux only: placement LEFT OUT'] };
  }
  const { code } = await captureCommand('taskset', ['--version']).catch(() => ({ code: 1 }));
  if (code !== 0) return { placements: ['free'], notes: ['there is no `taskset` here: placement LEFT OUT'] };
  if (availableParallelism() < 2) return { placements: ['one core'], notes: ['one core only: the others LEFT OUT'] };
  return { placements, notes: [] };
}

/** Moves a process and its children, all threads of them, to where they shall be measured. */
export async function place(pid: number, placement: Placement): Promise<void> {
  if (placement === 'free') return;
  const [hostCore = 0, pluginCore = hostCore] = await allowedCores();
  await pin(pid, hostCore);
  for (const child of await childrenOf(pid)) await pin(child, placement === 'one core' ? hostCore : pluginCore);
}

async function pin(pid: number, core: number): Promise<void> {
  const { code, output } = await captureCommand('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
  if (code !== 0) throw new Error(`taskset could not move process ${pid} to core ${core}: ${output.trim()}`);
}

async function allowedCores(): Promise<readonly number[]> {
  const status = await readFile('/proc/self/status', 'utf8');
  return parseCoreList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
}

/** The cores of a list as Linux writes it, such as `0-2,5`. */
export function parseCoreList(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** All descendants, found by the parents that every process names. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(processes.map(async (child) => [child, await parentOf(child)] as const));
  const direct = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return [...direct, ...(await Promise.all(direct.map(childrenOf))).flat()];
}

async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''); // it may have ended since the listing
  const parent = /^PPid:\s*(\d+)$/m.exec(status)?.[1];
  return parent === undefined ? undefined : Number(parent);
}
