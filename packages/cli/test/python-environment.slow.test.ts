import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

const FLOW = `plugins: { p: { python: p.py, requirements: requirements.txt } }
steps: [{ uses: p/x }]
`;

/** A package whose build never ends. */
const BUILD = `
import os, pathlib, time

def build_wheel(folder, config_settings=None, metadata_directory=None):
    pathlib.Path(os.environ["LC_PLACE"], "is-building").touch()
    time.sleep(600)
`;

/** Installers ask nobody, and keep everything in the folder. */
function environment({ folder }: CommandLine): Record<string, string> {
  const offline = { PIP_NO_INDEX: '1', UV_NO_INDEX: '1', UV_OFFLINE: '1' };
  return { ...offline, XDG_CACHE_HOME: join(folder, 'caches'), LC_PLACE: folder };
}

describe('the Python environment of a plugin', () => {
  it('that cannot be made is told where the file asks for it, after what was tried; nothing is started', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('p.py');
    await commandLine.write('requirements.txt', 'no-such-package-anywhere\n');
    await commandLine.write('flow.yaml', FLOW);
    const { code, stdout, stderr } = await commandLine.run(['run', 'flow.yaml', '--json'], {
      env: environment(commandLine),
    });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^p: making its Python environment, once: Python 3\..*\np: installing: .*requirements\.txt\n[^]*flow\.yaml:1:31: the plugin 'p' .*There is no such package/,
    );
  });

  it('is given up by Ctrl-C, with the installer and all that it started', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('p.py');
    await mkdir(join(commandLine.folder, 'slow'));
    await commandLine.write(
      'slow/pyproject.toml',
      '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n',
    );
    await commandLine.write('slow/b.py', BUILD);
    await commandLine.write('requirements.txt', './slow\n');
    await commandLine.write('flow.yaml', FLOW);
    const running = commandLine.start(['describe', 'flow.yaml'], { env: environment(commandLine) });
    await commandLine.appears('is-building');
    running.signal('SIGINT');
    const { code, stderr } = await running.finished;
    expect(stderr).toMatch(/Cancelled \(Ctrl-C.*\); nothing was started\.\n$/);
    expect(code).toBe(130);
    expect(await commandLine.leftProcesses()).toEqual([]);
  });

  it('is made before a run, shown by `environments`, and removed by `environments clear`', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write(
      'p.py',
      'from synapse_steps import BaseStep, StepResult\n\nclass X(BaseStep):\n    name = "x"\n    progress_weight = 1\n\n    def execute(self, context):\n        return StepResult()\n',
    );
    await commandLine.write('requirements.txt');
    await commandLine.write('flow.yaml', FLOW);
    const env = environment(commandLine);
    const none = await commandLine.run(['environments'], { env });
    expect(none).toEqual({ code: 0, stdout: 'There are no Python environments.\n', stderr: '' });
    const run = await commandLine.run(['run', 'flow.yaml'], { env });
    expect(run.stderr).toMatch(/^p: making its Python environment, once: /);
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('flow succeeded')]);
    const again = await commandLine.run(['run', 'flow.yaml'], { env });
    expect(again).toMatchObject({ code: 0, stderr: '' });

    const listed = await commandLine.run(['environments'], { env });
    expect(listed.stdout).toMatch(
      /^\d{4}-\d\d-\d\d {2}Python 3\.\d+\.\d+ {2}(?:pip|uv) \S+ {2}\S+\/requirements\.txt {2}\/.*\n$/,
    );
    const kept = await commandLine.run(['environments', 'clear'], { env });
    expect(kept.stdout).toBe('Nothing was unused for 30d.\n');
    const cleared = await commandLine.run(['environments', 'clear', '--unused-for', '0d', '--json'], { env });
    expect(JSON.parse(cleared.stdout)).toMatchObject({ environments: [{ isComplete: true }] });
    expect(await readdir(join(env['XDG_CACHE_HOME'] ?? '', 'synapse-steps/python-environments'))).toEqual([]);
    const wrong = await commandLine.run(['environments', 'clear', '--unused-for', 'long'], { env });
    expect([wrong.code, wrong.stderr]).toEqual([2, "--unused-for 'long' is no time. Write it as 30m, 12h or 30d.\n"]);
  });
});
