import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that goes away with the test; its path has no links. */
export interface TemporaryFolder {
  readonly path: string;
  /** Writes a file, and the folders above it; `time` in seconds. */
  write(name: string, content?: string | Buffer, time?: number): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'upload-')));
  return {
    path,
    async write(name, content = '', time = 1_700_000_000) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await utimes(file, time, time);
      return file;
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
    },
  };
}
