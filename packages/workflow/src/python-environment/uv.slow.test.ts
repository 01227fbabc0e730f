import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { processesMarked } from '../../test/marked-processes.js';
import { PythonProject } from '../../test/python-packages.js';
import { preparePythonEnvironment } from './prepare-python-environment.js';

/** The folder of a uv, as `npm run verify` installs one for this. */
const uvFolder = process.env['SYNAPSE_STEPS_TEST_UV'];
if (uvFolder === undefined)
  console.warn('SKIPPED: uv is tried by a gate of `npm run verify` of its own, which installs it.');

async function projectWithUv(): Promise<PythonProject> {
  const project = await PythonProject.open();
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PATH', `${uvFolder}${delimiter}${process.env['PATH']}`);
  vi.stubEnv('UV_CACHE_DIR', `${project.folder}/uv-cache`);
  return project;
}

function prepare({ folder, cacheFolder }: PythonProject, signal?: AbortSignal) {
  const told: string[] = [];
  const onProgress = ({ message }: { readonly message: string }): void => void told.push(message);
  const options = { requirements: 'requirements.txt', cwd: folder, cacheFolder, onProgress, signal };
  return preparePythonEnvironment(options).then((prepared) => ({ ...prepared, told }));
}

describe.runIf(uvFolder !== undefined)('an environment that uv makes', () => {
  it('is preferred, told, and made once', async () => {
    const project = await projectWithUv();
    await project.addWheel('alpha', '1.5');
    await project.write('requirements.txt', 'alpha\n');
    const { told, ...made } = await prepare(project);
    expect(told[0]).toMatch(/^Python 3\.\d+\.\d+, uv \d/);
    expect(told).toContainEqual(expect.stringMatching(/^Installed 1 package/));
    const version = execFileSync(made.interpreter, ['-c', 'import alpha; print(alpha.version)']).toString().trim();
    expect(version).toBe('1.5');
    expect(await prepare(project)).toEqual({ ...made, isMade: false, told: [] });
  });

  it('is not made when it finds no such package, and that is told in its words', async () => {
    const project = await projectWithUv();
    await project.write('requirements.txt', 'no-such-package-anywhere\n');
    await expect(prepare(project)).rejects.toThrow(
      /^uv \S+ could not install .*\. There is no such package, [^]*no-such-package-anywhere was not found/,
    );
    expect(await readdir(project.cacheFolder)).toEqual([]);
  });

  it('takes the index that pip was set up for, and says when it cannot be reached, without passwords', async () => {
    const project = await projectWithUv();
    await project.write('requirements.txt', 'anything\n');
    for (const name of ['UV_NO_INDEX', 'PIP_NO_INDEX', 'UV_OFFLINE']) vi.stubEnv(name, undefined);
    vi.stubEnv('UV_HTTP_RETRIES', '0');
    vi.stubEnv('PIP_INDEX_URL', 'http://somebody:pass-word@127.0.0.1:9/simple');
    const error: unknown = await prepare(project).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/The package index cannot be reached/);
    expect(String(error)).toContain('127.0.0.1:9');
    expect(String(error)).not.toContain('pass-word');
  });

  it('is given up on a cancel, in the middle of a build', async () => {
    const project = await projectWithUv();
    await project.addSource('beta');
    await project.write('requirements.txt', './beta\n');
    project.makeBuildsWait();
    const marked = processesMarked();
    const stop = new AbortController();
    const reason = new Error('enough');
    const preparing = prepare(project, stop.signal);
    await project.buildHasStarted();
    stop.abort(reason);
    await expect(preparing).rejects.toBe(reason);
    await marked.areGone();
    expect((await readdir(project.cacheFolder, { recursive: true })).filter((name) => /env-|tmp-/.test(name))).toEqual(
      [],
    );
  });
});
