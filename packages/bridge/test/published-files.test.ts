import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const BUILT = ['dist/index.js', 'dist/python/synapse_steps/__main__.py'];
const BYTE_CODE = ['dist/python/synapse_steps/__pycache__/__main__.cpython-313.pyc'];

describe('the published package', { timeout: 30_000 }, () => {
  it('holds what its README links to, the schemas, and no byte code of Python', async () => {
    const packed = await packedFiles();
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const linked = [...readme.matchAll(/\]\((?!#|\.\.)([^)]+)\)/g)].map(([, target]) => target);
    expect(linked).toContain('PROTOCOL.md');
    expect(linked).toContain('FAULTS.md');
    expect(packed).toEqual(expect.arrayContaining([...linked, ...BUILT, 'schemas/step-protocol-v1.schema.json']));
    expect(packed.filter((file) => file.includes('__pycache__') || file.includes('.test.'))).toEqual([]);
  });
});

/** What a copy of this package would publish, of its own files and of those that a build leaves behind. */
async function packedFiles(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['package.json', 'README.md', 'PROTOCOL.md', 'FAULTS.md', 'schemas', 'src']) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  for (const file of [...BUILT, ...BYTE_CODE]) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: folder });
  const [manifest] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return manifest.files.map(({ path }) => path);
}
