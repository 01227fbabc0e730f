import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { processesMarked } from '../../test/marked-processes.js';
import { PythonProject } from '../../test/python-packages.js';
import { makingHost } from '../../test/start-host.js';
import { environmentPlace } from './environment-store.js';
import { clearPythonEnvironments } from './kept-environments.js';
import { preparePythonEnvironment, type PreparePythonEnvironmentOptions } from './prepare-python-environment.js';
import { probePython } from './probe-python.js';

async function prepare(project: PythonProject, options: PreparePythonEnvironmentOptions = {}) {
  return await preparePythonEnvironment({
    requirements: 'requirements.txt',
    cwd: project.folder,
    cacheFolder: project.cacheFolder,
    installer: 'pip',
    ...options,
  });
}

function python(interpreter: string, code: string): string {
  return execFileSync(interpreter, ['-c', code]).toString().trim();
}

async function addProgram(file: string, script: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

describe('the requirements', () => {
  it('with an editable package run the code of their own copy of the project, as it is now', async () => {
    const project = await PythonProject.open();
    await project.addSource('mylib', '1.0', 'one/mylib');
    await project.write('one/mylib/src/mylib.py', 'version = "first"\n');
    await project.write('one/requirements.txt', '-e mylib\n');
    await cp(join(project.folder, 'one'), join(project.folder, 'two'), { recursive: true });
    const one = await prepare(project, { requirements: 'one/requirements.txt' });
    const two = await prepare(project, { requirements: 'two/requirements.txt' });
    await project.write('two/mylib/src/mylib.py', 'version = "second"\n');
    const versionIn = (interpreter: string): string => python(interpreter, 'import mylib; print(mylib.version)');
    expect([versionIn(one.interpreter), versionIn(two.interpreter)]).toEqual(['first', 'second']);
    await project.write('two/runs/result.json', '{}');
    expect(await prepare(project, { requirements: 'two/requirements.txt' })).toMatchObject({ isMade: false });
  });

  it('may lie in a folder with spaces and letters of other languages, in a locale that knows none', async () => {
    const project = await PythonProject.open();
    await project.addWheel('alpha');
    await project.write('größe 大/requirements.txt', '\ufeff# Größe\r\nalpha ; python_version > "3"\r\n');
    vi.stubEnv('LC_ALL', 'C');
    vi.stubEnv('PYTHONPATH', '/nowhere');
    vi.stubEnv('VIRTUAL_ENV', '/nowhere');
    const { interpreter } = await prepare(project, {
      requirements: 'größe 大/requirements.txt',
      cacheFolder: join(project.folder, 'größe 大/cache'),
    });
    expect(python(interpreter, 'import alpha; print(alpha.version)')).toBe('1.0');
  });

  it('may name variables, whose values installers get, and no others', async () => {
    const project = await PythonProject.open();
    await project.addWheel('alpha');
    vi.stubEnv('PIP_FIND_LINKS', undefined);
    vi.stubEnv('MY_WHEELS', project.wheels);
    await project.write('requirements.txt', '--find-links ${MY_WHEELS}\nalpha\n');
    expect(await prepare(project)).toMatchObject({ isMade: true });
  });

  it('are installed from a relative path in a variable, which is meant from where the host runs', async () => {
    const project = await PythonProject.open();
    await project.addWheel('alpha');
    await project.write('deep/requirements.txt', 'alpha\n');
    const host = makingHost(join(project.folder, 'deep'), project.cacheFolder);
    const [program = '', ...args] = host;
    const output = execFileSync(program, args, {
      cwd: project.folder,
      env: { ...process.env, PIP_FIND_LINKS: 'wheels' },
      timeout: 100_000,
    });
    expect(output.toString()).toContain('"isMade":true');
  });
});

describe('a Python', () => {
  it('that does not answer is given up with a cancel, and no process stays', async () => {
    const project = await PythonProject.open();
    await project.write('requirements.txt', '');
    const started = join(project.place, 'started');
    const interpreter = await addProgram(join(project.folder, 'hanging'), `touch '${started}'; sleep 600; :`);
    const marked = processesMarked();
    const stop = new AbortController();
    const reason = new Error('enough');
    const preparing = prepare(project, { interpreter, signal: stop.signal });
    await project.buildHasStarted();
    stop.abort(reason);
    await expect(preparing).rejects.toBe(reason);
    await marked.areGone();
  });

  it('that is the shim of a version switched off is told as that, and not as one that is not installed', async () => {
    const project = await PythonProject.open();
    const program = await addProgram(
      join(project.folder, 'shim'),
      'echo "pyenv: python3.13: command not found" >&2; exit 127; :',
    );
    const probed = await probePython(program, { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } });
    expect(probed).toEqual({
      problem: 'only the shim of a version manager, which has no such version switched on here',
    });
  });

  it('that does not answer in time is told as that', async () => {
    const project = await PythonProject.open();
    const program = await addProgram(join(project.folder, 'hanging'), 'sleep 600; :');
    const marked = processesMarked();
    const env = { PATH: process.env['PATH'] ?? '', LC_TEST_MARK: process.env['LC_TEST_MARK'] ?? '' };
    const probed = await probePython(program, { cwd: '/', env, timeoutMs: 200 });
    expect(probed).toEqual({ problem: 'did not answer within 0.2 s' });
    await marked.areGone();
  });

  it('of a virtual environment is not what an environment hangs on', async () => {
    const project = await PythonProject.open();
    const own = join(project.folder, '.venv');
    execFileSync('python3', ['-m', 'venv', '--without-pip', own]);
    await project.write('requirements.txt', '');
    const { interpreter } = await prepare(project, { interpreter: './.venv/bin/python' });
    await rm(own, { recursive: true });
    expect(python(interpreter, 'print(1)')).toBe('1');
  });

  it('in an environment that is named must be new enough', async () => {
    const project = await PythonProject.open();
    const answer = { version: [3, 8, 18], implementation: 'cpython', abi: '', platform: '', executable: '', base: '' };
    const said = JSON.stringify({ ...answer, pip: null });
    await addProgram(join(project.folder, 'old/bin/python'), `echo '${said}'`);
    await expect(preparePythonEnvironment({ environment: 'old', cwd: project.folder })).rejects.toMatchObject({
      code: 'python_environment_missing',
      message: expect.stringMatching(/old has Python 3\.8\.18, older than 3\.9\. Make it anew/) as string,
    });
  });

  it('that was removed, and an environment that was, are made anew', async () => {
    const project = await PythonProject.open();
    await project.addWheel('alpha');
    await project.write('requirements.txt', 'alpha\n');
    const first = await prepare(project);
    await rm(first.folder ?? '', { recursive: true });
    const second = await prepare(project);
    expect(second.isMade).toBe(true);
    await rm(second.interpreter);
    await symlink('/gone/python3', second.interpreter);
    const third = await prepare(project);
    expect(third.isMade).toBe(true);
    expect(python(third.interpreter, 'import alpha; print(alpha.version)')).toBe('1.0');
    expect(await readdir(dirname(third.folder ?? ''))).toHaveLength(3);
  });
});

it('a uv that is too old is not used, and said to be when it is wanted', async () => {
  const project = await PythonProject.open();
  await project.write('requirements.txt', '');
  const uv = await addProgram(join(project.folder, 'bin/uv'), 'echo "uv 0.4.22 (abc 2024-01-01)"');
  vi.stubEnv('PATH', `${dirname(uv)}${delimiter}${process.env['PATH']}`);
  const told: string[] = [];
  await prepare(project, { installer: undefined, onProgress: ({ message }) => void told.push(message) });
  expect(told[0]).toMatch(/, pip \d/);
  await expect(prepare(project, { installer: 'uv' })).rejects.toThrow(/'uv' is wanted, and none of 0\.4\.23 or newer/);
});

describe('clearing', () => {
  it('leaves what was used since it was listed', async () => {
    const project = await PythonProject.open();
    await project.write('requirements.txt', '');
    const { folder } = await prepare(project);
    if (folder === undefined) throw new Error('none was made');
    // which is asked for between listing and removing
    const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
    const mark = join(dirname(folder), 'complete.json');
    const shim = await addProgram(join(project.folder, 'bin/python3'), `touch '${mark}'; exec '${real}' "$@"`);
    vi.stubEnv('PATH', `${dirname(shim)}${delimiter}${process.env['PATH']}`);
    const clearing = clearPythonEnvironments({ cacheFolder: project.cacheFolder });
    expect(await clearing).toEqual([]);
    expect(await readdir(folder)).toContain('bin');
  });

  it('removes a mark that was being written when its maker was killed', async () => {
    const project = await PythonProject.open();
    const { folder, mark } = environmentPlace(join(project.cacheFolder, `py3.11-${'a'.repeat(20)}`));
    await mkdir(folder, { recursive: true });
    await writeFile(`${mark}.new`, '{');
    expect(await clearPythonEnvironments({ cacheFolder: project.cacheFolder })).toHaveLength(1);
    expect(await readdir(project.cacheFolder)).toEqual([]);
  });
});

it('a user who has no home directory is told to name a folder', async () => {
  const project = await PythonProject.open();
  await project.write('requirements.txt', '');
  vi.stubEnv('HOME', '');
  vi.stubEnv('XDG_CACHE_HOME', undefined);
  const options = { requirements: 'requirements.txt', cwd: project.folder, installer: 'pip' } as const;
  await expect(preparePythonEnvironment(options)).rejects.toMatchObject({
    code: 'python_environment_folder',
    message: expect.stringMatching(
      /^there is no folder for Python environments: .* Set HOME, or set XDG_CACHE_HOME/,
    ) as string,
  });
});
