import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { canMount, smallDisk } from '../../../../test-fixtures/small-disk/small-disk.js';
import { makingHost, startHost } from '../../test/start-host.js';
import { processesMarked } from '../../test/marked-processes.js';
import { PythonProject } from '../../test/python-packages.js';
import { preparePythonEnvironment, type PreparePythonEnvironmentOptions } from './prepare-python-environment.js';
import type { PythonEnvironmentProgress } from './python-environment.js';

async function prepare(project: PythonProject, options: PreparePythonEnvironmentOptions = {}) {
  const progress: PythonEnvironmentProgress[] = [];
  const prepared = await preparePythonEnvironment({
    requirements: 'requirements.txt',
    cwd: project.folder,
    cacheFolder: project.cacheFolder,
    installer: 'pip',
    onProgress: (step) => void progress.push(step),
    ...options,
  });
  return { ...prepared, progress };
}

/** The version of a package as the environment's Python imports it. */
function imported(interpreter: string, name: string): string {
  return execFileSync(interpreter, ['-c', `import ${name}; print(${name}.version)`])
    .toString()
    .trim();
}

/** All that lies where environments are kept, but the insides of environments. */
async function kept(project: PythonProject): Promise<string[]> {
  const keys = await readdir(project.cacheFolder);
  return (await Promise.all(keys.map(async (key) => await readdir(join(project.cacheFolder, key))))).flat().toSorted();
}

const COMPLETE = ['complete.json', expect.stringMatching(/^env-/) as string, 'lock'];

describe('an environment', () => {
  it('has what the requirements name, is made once, and anew when an included file changes', async () => {
    const project = await PythonProject.open();
    await project.addWheel('alpha', '1.0');
    await project.addWheel('alpha', '2.0');
    await project.write('requirements.txt', '-r more.txt\n');
    await project.write('more.txt', 'alpha==1.0\n');
    const first = await prepare(project);
    expect(imported(first.interpreter, 'alpha')).toBe('1.0');
    expect(first.isMade).toBe(true);
    expect(first.progress.map(({ phase }) => phase).slice(0, 2)).toEqual(['creating', 'installing']);
    expect(first.progress.at(-1)).toEqual({ phase: 'installing', message: 'Installing collected packages: alpha' });
    expect(await kept(project)).toEqual(COMPLETE);

    const again = await prepare(project);
    expect(again).toMatchObject({ interpreter: first.interpreter, isMade: false, progress: [] });

    await project.write('more.txt', 'alpha==2.0\n');
    const changed = await prepare(project);
    expect(changed.isMade).toBe(true);
    expect(imported(changed.interpreter, 'alpha')).toBe('2.0');
    expect(imported(first.interpreter, 'alpha')).toBe('1.0');

    await rm(first.interpreter);
    await project.write('more.txt', 'alpha==1.0\n');
    const repaired = await prepare(project);
    expect(repaired.isMade).toBe(true);
    expect(imported(repaired.interpreter, 'alpha')).toBe('1.0');
    expect(await kept(project)).toHaveLength(2 * COMPLETE.length);
  });

  it('is made by one of two processes, and the other waits for it', async () => {
    const project = await PythonProject.open();
    await project.addSource('beta');
    await project.write('requirements.txt', './beta\n');
    project.makeBuildsWait();
    const maker = startHost(project);
    await project.buildHasStarted();
    const other = startHost(project);
    await other.says('"phase":"waiting"');
    await project.letBuildsGoOn();
    const [made, found] = [await maker.result, await other.result];
    expect(made).toMatchObject({ isMade: true });
    expect(found).toEqual({ ...made, isMade: false });
    expect(await kept(project)).toEqual(COMPLETE);
  });

  it('is never found half made: not after a kill -9 of its maker, which takes the installer along', async () => {
    const project = await PythonProject.open();
    await project.addSource('gamma');
    await project.write('requirements.txt', './gamma\n');
    project.makeBuildsWait();
    const marked = processesMarked();
    const maker = startHost(project);
    await project.buildHasStarted();
    maker.kill();
    await maker.ended;
    await marked.areGone();
    expect(await kept(project)).toEqual([expect.stringMatching(/^env-/), 'lock', expect.stringMatching(/^tmp-/)]);

    await project.letBuildsGoOn();
    const { interpreter, isMade } = await prepare(project);
    expect(isMade).toBe(true);
    expect(imported(interpreter, 'gamma')).toBe('1.0');
    expect(await kept(project)).toEqual(COMPLETE);
  });

  it('is not made when that is cancelled: the installer ends, and nothing of it stays', async () => {
    const project = await PythonProject.open();
    await project.addSource('delta');
    await project.write('requirements.txt', './delta\n');
    project.makeBuildsWait();
    const marked = processesMarked();
    const stop = new AbortController();
    const reason = new Error('enough');
    const preparing = prepare(project, { signal: stop.signal });
    await project.buildHasStarted();
    stop.abort(reason);
    await expect(preparing).rejects.toBe(reason);
    await marked.areGone();
    expect(await kept(project)).toEqual(['lock']);
  });

  it('is not made when the process that holds its lock is killed: that is told, and nothing of it stays', async () => {
    const project = await PythonProject.open();
    await project.addSource('delta');
    await project.write('requirements.txt', './delta\n');
    project.makeBuildsWait();
    const marked = processesMarked();
    const preparing = prepare(project);
    await project.buildHasStarted();
    process.kill(marked.find('flock'), 'SIGKILL');
    await expect(preparing).rejects.toThrow(
      /could not install .*: the process that makes it was ended by the signal SIGKILL/,
    );
    await marked.areGone();
    expect(await kept(project)).toEqual(['lock']);
  });
});

describe('the installer', () => {
  it('sees its own settings and nothing of the other variables, and no command line holds a password', async () => {
    const project = await PythonProject.open();
    await project.addSource('epsilon');
    await project.write('requirements.txt', './epsilon\n');
    project.makeBuildsWait();
    vi.stubEnv('MY_SECRET_TOKEN', 'not-for-pip');
    vi.stubEnv('PIP_TARGET', join(project.folder, 'elsewhere'));
    vi.stubEnv('PIP_EXTRA_INDEX_URL', 'http://somebody:pass-word@127.0.0.1:9/simple');
    const marked = processesMarked();
    const preparing = prepare(project);
    await project.buildHasStarted();
    const lines = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    expect(lines.map(commandLineOf).filter((line) => line.includes('pass-word'))).toEqual([]);
    const seen = JSON.parse(await readFile(join(project.place, 'environment.json'), 'utf8')) as Record<string, string>;
    expect(Object.keys(seen)).not.toContain('MY_SECRET_TOKEN');
    expect(Object.keys(seen)).not.toContain('PIP_TARGET');
    expect(seen['PIP_EXTRA_INDEX_URL']).toContain('pass-word');
    await project.letBuildsGoOn();
    expect(imported((await preparing).interpreter, 'epsilon')).toBe('1.0');
    await marked.areGone();
  });

  it('that finds no such package fails in its own words, says what to do, and leaves nothing', async () => {
    const project = await PythonProject.open();
    await project.write('requirements.txt', 'no-such-package-anywhere\n');
    await expect(prepare(project)).rejects.toMatchObject({
      code: 'python_install_failed',
      message: expect.stringMatching(
        /^pip \S+ could not install \S+requirements\.txt \(exit code 1\)\. There is no such package, .*\n[^]*No matching distribution found/,
      ) as string,
    });
    expect(await readdir(project.cacheFolder)).toEqual([]);
  });

  it('that reaches no index says so, and how to do without, and shows no password', async () => {
    const project = await PythonProject.open();
    await project.write('requirements.txt', 'anything\n');
    vi.stubEnv('PIP_NO_INDEX', undefined);
    vi.stubEnv('PIP_RETRIES', '1');
    vi.stubEnv('PIP_INDEX_URL', 'http://somebody:pass-word@127.0.0.1:9/simple');
    const error: unknown = await prepare(project).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/The package index cannot be reached: .* PIP_NO_INDEX=1/);
    expect(String(error)).not.toContain('pass-word');
  });
});

it.runIf(canMount)('on a disk that is full nothing is half made, and the error says where to make room', async () => {
  const project = await PythonProject.open();
  await project.addWheel('zeta');
  await project.write('requirements.txt', 'zeta\n');
  const disk = project.place;
  const host = makingHost(project.folder, join(disk, 'cache'));
  const [command = '', ...args] = [...smallDisk(disk, 4), 'sh', '-c', '"$@" && find "$0"', disk, ...host];
  const output = execFileSync(command, args, { timeout: 100_000 }).toString();
  const lines = output.trim().split('\n');
  const answer = lines.find((line) => line.startsWith('{"error"')) ?? output;
  expect(JSON.parse(answer)).toMatchObject({ code: 'python_install_failed' });
  expect(answer).toMatch(/The disk is full: make room for .*place\/cache/);
  expect(lines.filter((line) => line.startsWith('/'))).toEqual([disk, join(disk, 'cache')]);
});

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // it has ended since
  }
}
