// What moving a large file costs in memory: a program in a process of its own does it, and prints `{"peakBytes": …}`.
import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';

export const MIB = 2 ** 20;
/** What a process may need more for a much larger file: room for what the collector has not got round to. */
export const ALLOWED = 128 * MIB;

const sources = ['--conditions=@synapse-steps/source', '--import', import.meta.resolve('tsx')];

/** The peak in bytes of a TypeScript program over the sources of the packages. */
export async function peakMemory(program: string, ...args: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...sources, program, ...args], { timeout: 100_000 });
  return (JSON.parse(stdout) as { peakBytes: number }).peakBytes;
}

/** A sparse file: as large as it says, and nothing on the disk. */
export async function makeSparseFile(path: string, size: number): Promise<string> {
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
  return path;
}
