import { mkdtemp, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectError, fixturePath, openFixture, SHORT_LIMITS } from '../test/open-fixture.js';
import { connectPlugin, PluginError } from './index.js';

describe('connectPlugin', () => {
  it('describes the steps of a plugin and hands them out', async () => {
    const { session } = await openFixture('echo.mjs');
    expect(session.info).toMatchObject({
      protocol_version: 1,
      plugin: { name: 'fixture' },
      capabilities: { ping: true },
    });
    expect(session.step('echo')).toMatchObject({ name: 'echo', progressWeight: 2, title: 'Echo', hasRollback: true });
    expect(session.step('fail')).toMatchObject({ progressWeight: 1, hasRollback: false });
    expect((await session.describe()).steps).toEqual(session.steps);
  });

  it('names the steps that there are when one is asked for that is not', async () => {
    const { session } = await openFixture('minimal.sh');
    expect(() => session.step('treble')).toThrow(
      expect.objectContaining({
        code: 'unknown_step',
        message: "Plugin 'minimal.sh' has no step 'treble'. It offers 'double'.",
      }) as Error,
    );
  });

  it('F-1: a banner before the handshake is logged and does no harm', async () => {
    const { session, log } = await openFixture('noisy.mjs');
    expect(session.steps).toHaveLength(2);
    expect(log.filter((entry) => entry.source === 'stdout').map((entry) => entry.message)).toEqual([
      'Welcome to noisy 1.0',
      'loading…',
    ]);
    expect(log.filter((entry) => entry.level === 'warning')).toHaveLength(1);
  });

  it('a listener of its log that throws breaks nothing', async () => {
    const onLog = () => {
      throw new Error('no room in the log');
    };
    const { session } = await openFixture('noisy.mjs', { onLog });
    expect(session.steps).toHaveLength(2);
  });

  it('F-41: a plugin that knows only a newer version is told apart', async () => {
    const error = await connectError('too-new.mjs');
    expect(error).toMatchObject({ code: 'version_mismatch', message: expect.stringContaining('version 2') as string });
  });

  it('gives up when its signal aborts, and leaves nothing', async () => {
    const reason = new Error('changed my mind');
    const error = await connectError('hangs.sh', { signal: AbortSignal.timeout(100), limits: SHORT_LIMITS });
    expect(error).toMatchObject({ code: 'killed_after_cancel', cause: { name: 'TimeoutError' } });
    await expect(connectPlugin({ command: ['true'] }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('F-7: a plugin that cannot be started', () => {
  it.each([
    ['no-such-plugin.sh', /does not exist: there is no file .*no-such-plugin\.sh/],
    ['not-executable.txt', /is not executable: .*Run 'chmod \+x/],
    ['wrong-format.bin', /no program for this machine/],
    ['no-interpreter.sh', /names an interpreter in its '#!' line that does not exist/],
  ])('%s', async (file, message) => {
    const error = await connectError(file);
    expect(error).toBeInstanceOf(PluginError);
    expect(error).toMatchObject({
      code: 'spawn_failed',
      plugin: file,
      message: expect.stringMatching(message) as string,
    });
  });

  it('a bare name that is not in PATH', async () => {
    await expect(connectPlugin({ command: ['no-such-command'] })).rejects.toThrow(
      "Plugin 'no-such-command' could not be started. The command 'no-such-command' was not found in PATH.",
    );
  });

  it('a working directory that does not exist is not blamed on the command', async () => {
    const error = await connectError('echo.mjs', { cwd: '/no/such/directory' });
    expect(error).toMatchObject({
      code: 'spawn_failed',
      message: expect.stringContaining('The working directory /no/such/directory') as string,
    });
  });
});

describe('F-7, F-8: a program that is no plugin', () => {
  it('exits at once: exit code and stderr are shown', async () => {
    const error = await connectError('exits-at-once.sh');
    expect(error).toMatchObject({
      code: 'exited',
      exit: { code: 7, signal: null },
      details: { exitCode: 7, stderrTail: ['no licence found'] },
    });
    expect((error as Error).message).toContain('exited with code 7 before it answered the handshake');
    expect((error as Error).message).toContain('| no licence found');
  });

  it('exits without a word', async () => {
    expect(await connectError('exits-silently.sh')).toMatchObject({ code: 'exited', exit: { code: 0 } });
  });

  it('prints text instead: its first bytes are shown', async () => {
    const error = await connectError('not-a-plugin.sh');
    expect(error).toMatchObject({ code: 'not_a_plugin', details: { firstOutput: 'usage: not-a-plugin FILE' } });
    expect((error as Error).message).toContain('"usage: not-a-plugin FILE". Then it exited with code 0.');
  });

  it('prints for ever', async () => {
    const error = await connectError('chatters.sh', { limits: { ...SHORT_LIMITS, maxStrayLines: 100 } });
    expect(error).toMatchObject({ code: 'not_a_plugin', details: { firstOutput: 'are you there?' } });
  });

  it('sends back what it is sent', async () => {
    await expect(connectPlugin({ command: ['cat'] }, { onLog: () => undefined })).rejects.toMatchObject({
      code: 'not_a_plugin',
    });
  });

  it('hangs, and ignores SIGTERM: its whole group is gone afterwards', async () => {
    const error = await connectError('hangs.sh', { limits: { ...SHORT_LIMITS, handshakeMs: 100 } });
    expect(error).toMatchObject({ code: 'handshake_timeout', exit: { signal: 'SIGKILL' } });
    expect((error as Error).message).toContain('did not answer the handshake within 100 ms');
    expect((error as Error).message).toContain('| I will be with you soon');
  });
});

describe('the environment of a plugin', () => {
  it('holds what is allowed and granted; secrets travel in the handshake only and are hidden in output', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bridge-'));
    const file = join(folder, 'shows.mjs');
    await writeFile(
      file,
      `import { onMessage, plugin, result } from ${JSON.stringify(fixturePath('wire.mjs'))};
       let secrets;
       onMessage((message) => message.method === 'initialize' && (secrets = message.params.secrets));
       plugin([{ name: 'show' }], { execute: ({ id }) => { console.error('my token is ' + secrets.TOKEN); result(id, { success: true, data: { env: process.env, argv: process.argv, secrets } }); } });`,
    );
    await chmod(file, 0o755);
    process.env['BRIDGE_TEST_HIDDEN'] = 'hidden';
    process.env['BRIDGE_TEST_GRANTED'] = 'granted';
    const lines: string[] = [];
    const session = await connectPlugin(
      { command: [process.execPath, file] },
      { env: ['BRIDGE_TEST_GRANTED'], secrets: { TOKEN: 'se-cr-et' } },
    );
    const { data } = await session.call({
      method: 'execute',
      step: 'show',
      params: { step: 'show' },
      listener: { onNotification: () => undefined, onLines: (seen) => lines.push(...seen) },
    });
    await session.close();
    const env = (data as { env: Record<string, string> }).env;
    expect(env['BRIDGE_TEST_GRANTED']).toBe('granted');
    expect(env['STEP_PROTOCOL_SESSION']).toBe(session.id);
    expect(env).not.toHaveProperty('BRIDGE_TEST_HIDDEN');
    expect(JSON.stringify(env)).not.toContain('se-cr-et');
    expect(data?.['secrets']).toEqual({ TOKEN: 'se-cr-et' });
    expect(lines).toEqual(['my token is [secret TOKEN]']);
  });
});
