import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PLUGINS } from './check-fixture.js';

/** The command of a plugin that is conforming.mjs with a last line of its own, such as `serve({ ping: … });`. */
export async function scratchPlugin(last: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'plugin.mjs');
  const names = 'answer, notify, refuse, RIGHT, running, send, serve, writeLine';
  const module = JSON.stringify(`${PLUGINS}conforming-plugin.mjs`);
  await writeFile(file, `import { ${names} } from ${module};\n${last}\n`);
  return [process.execPath, file];
}
