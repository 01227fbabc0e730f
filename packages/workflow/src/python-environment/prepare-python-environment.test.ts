import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { preparePythonEnvironment } from './prepare-python-environment.js';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'python-environment-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  return folder;
}

/** A program that answers as a Python of that version. */
async function addPython(file: string, version: readonly number[]): Promise<void> {
  const answer = {
    version,
    implementation: 'cpython',
    abi: 'abi',
    platform: 'here',
    executable: file,
    base: file,
    pip: null,
  };
  await writeFile(file, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
  await chmod(file, 0o755);
}

describe('the Python', () => {
  it('is the one that fits: the newest in PATH where python3 does not', async () => {
    const folder = await emptyFolder();
    await addPython(join(folder, 'python3'), [3, 9, 2]);
    await addPython(join(folder, 'python3.10'), [3, 10, 4]);
    await addPython(join(folder, 'python3.12'), [3, 12, 1]);
    await addPython(join(folder, 'python3.13'), [3, 13, 0]);
    vi.stubEnv('PATH', folder);
    vi.stubEnv('HOME', folder);
    for (const name of ['PYENV_ROOT', 'XDG_DATA_HOME', 'UV_PYTHON_INSTALL_DIR']) vi.stubEnv(name, undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const prepared = await preparePythonEnvironment({ requiresPython: '>=3.10,<3.13' });
    expect(prepared).toEqual({
      interpreter: join(folder, 'python3.12'),
      version: '3.12.1',
      folder: undefined,
      isMade: false,
    });
    await mkdir(join(folder, '.pyenv/versions/3.14.2/bin'), { recursive: true });
    await addPython(join(folder, '.pyenv/versions/3.14.2/bin/python'), [3, 14, 2]);
    expect(await preparePythonEnvironment({ requiresPython: '>=3.14' })).toMatchObject({ version: '3.14.2' });
    await expect(preparePythonEnvironment({ requiresPython: '>=3.20' })).rejects.toMatchObject({
      code: 'python_not_found',
      message: expect.stringMatching(
        /^no Python '>=3\.20' was found\. Tried: python3 \(3\.9\.2\), .*python3\.13 \(3\.13\.0\).*\. Install one/,
      ) as string,
    });
  });

  it('is the one that is named and no other, and what is wrong with that is told', async () => {
    const folder = await emptyFolder();
    await addPython(join(folder, 'old'), [3, 8, 18]);
    await writeFile(join(folder, 'none'), '#!/bin/sh\necho 3.12\n');
    await chmod(join(folder, 'none'), 0o755);
    const named = (interpreter: string) =>
      preparePythonEnvironment({ requiresPython: '>=3.9', interpreter, cwd: folder });
    await expect(named('./old')).rejects.toThrow(/\.\/old \(3\.8\.18, older than 3\.9\)\. Name another one/);
    await expect(named('./none')).rejects.toThrow(/\.\/none \(does not answer as Python does\)/);
    await expect(named('./gone')).rejects.toThrow(/\.\/gone \(not found\)/);
  });

  it("is a project's own where nothing is to be installed", async () => {
    const folder = await emptyFolder();
    await addPython(join(folder, 'own'), [3, 11, 1]);
    const preferred = [join(folder, 'gone'), join(folder, 'own')];
    expect(await preparePythonEnvironment({ preferred })).toMatchObject({ interpreter: join(folder, 'own') });
  });
});

describe('an environment that exists', () => {
  it('is used as it is', async () => {
    const folder = await emptyFolder();
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(folder, 'env')]);
    const prepared = await preparePythonEnvironment({ environment: 'env', cwd: folder, requiresPython: '>=3.9' });
    expect(prepared).toMatchObject({ interpreter: join(folder, 'env/bin/python'), isMade: false });
    const prefix = execFileSync(prepared.interpreter, ['-c', 'import sys; print(sys.prefix)']).toString().trim();
    expect(prefix).toBe(join(folder, 'env'));
    await expect(preparePythonEnvironment({ environment: 'env', cwd: folder, requiresPython: '<3.9' })).rejects.toThrow(
      /env has Python 3\.\d+\.\d+, and '<3\.9' is needed/,
    );
  });

  it('must be one', async () => {
    const folder = await emptyFolder();
    await expect(preparePythonEnvironment({ environment: 'gone', cwd: folder })).rejects.toMatchObject({
      code: 'python_environment_missing',
      message: expect.stringMatching(
        /gone is no Python environment: .*gone\/bin\/python \(not found\)\. Make one/,
      ) as string,
    });
    await expect(preparePythonEnvironment({ environment: 'gone', requirements: 'r.txt' })).rejects.toThrow(TypeError);
  });
});

describe('environments are not made', () => {
  it('where nothing can be written', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'requirements.txt'), '');
    await writeFile(join(folder, 'cache'), 'in the way'); // which stops also whoever may write everywhere
    await expect(
      preparePythonEnvironment({ requirements: 'requirements.txt', cwd: folder, cacheFolder: 'cache' }),
    ).rejects.toMatchObject({
      code: 'python_environment_folder',
      message: expect.stringMatching(/^nothing can be written to .*cache\/py3.*XDG_CACHE_HOME/) as string,
    });
  });

  it('by a uv that is not there, or a Python without pip', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'requirements.txt'), '');
    await addPython(join(folder, 'python3'), [3, 12, 1]);
    vi.stubEnv('PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const prepare = (installer?: 'uv') =>
      preparePythonEnvironment({ requirements: 'requirements.txt', cwd: folder, cacheFolder: 'cache', installer });
    await expect(prepare('uv')).rejects.toThrow(/'uv' is wanted, and none of 0\.4\.23 or newer is in PATH/);
    await expect(prepare()).rejects.toThrow(/has no 'venv' with pip .* package python3-venv/);
  });

  it('when that is cancelled before it begins', async () => {
    const reason = new Error('enough');
    await expect(preparePythonEnvironment({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
