import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fixturePath, type FixtureOptions, openFixture } from './open-fixture.js';

/** A session with a plugin that exists for one test only: `source` is a module, with the functions of `wire.mjs` at hand. */
export async function openScript(source: string, options: FixtureOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-script-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'plugin.mjs');
  const wire = JSON.stringify(fixturePath('wire.mjs'));
  await writeFile(file, `import { notify, onMessage, onNotification, plugin, result, write } from ${wire};\n${source}`);
  return await openFixture(file, { name: 'script', ...options });
}
