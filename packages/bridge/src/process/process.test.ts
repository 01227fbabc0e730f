import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leavesCleanScene } from '../../test/clean-scene.js';
import {
  type ManagedProcess,
  processEnvironment,
  resolveCommand,
  startProcess,
  stopProcess,
  terminateProcess,
} from './index.js';
import { StderrTail } from './stderr-tail.js';
import { TextLines } from './text-lines.js';

describe('processEnvironment', () => {
  const source = {
    PATH: '/bin',
    HOME: '/home/me',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    TMPDIR: '/tmp',
    USER: 'me',
    LOGNAME: 'me',
    SHELL: '/bin/sh',
    TERM: 'xterm',
    API_TOKEN: 'secret',
    LD_PRELOAD: '/evil.so',
    LD_LIBRARY_PATH: '/evil',
    PYTHONPATH: '/evil',
    PYTHONHOME: '/evil',
    PYTHONSTARTUP: '/evil',
    NODE_OPTIONS: '--require /evil.js',
    BASH_ENV: '/evil.sh',
    ENV: '/evil.sh',
    LC_EVIL: '() { :;}; echo evil',
  };

  it('passes on exactly the allow-list', () => {
    const allowed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'LOGNAME', 'SHELL', 'TERM'];
    expect(Object.keys(processEnvironment({ source }))).toEqual(allowed);
  });

  it('passes on what is granted, and sets what is given', () => {
    const granted = processEnvironment({
      source,
      granted: ['API_TOKEN', 'PYTHONPATH', 'MISSING'],
      extra: { TZ: 'CET' },
    });
    expect(granted).toMatchObject({ API_TOKEN: 'secret', PYTHONPATH: '/evil', TZ: 'CET' });
    expect(granted).not.toHaveProperty('MISSING');
    expect(granted).not.toHaveProperty('LD_PRELOAD');
  });
});

describe('resolveCommand', () => {
  it('looks for a bare name in the path only, never in the working directory', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bridge-'));
    await writeFile(join(folder, 'tool'), '#!/bin/sh\n');
    await chmod(join(folder, 'tool'), 0o755);
    await expect(resolveCommand('tool', { cwd: folder, path: '/bin::.' })).rejects.toMatchObject({
      problem: 'not_found',
    });
    await expect(resolveCommand('tool', { cwd: '/', path: `/bin:${folder}` })).resolves.toBe(join(folder, 'tool'));
    await expect(resolveCommand('./tool', { cwd: folder, path: '' })).resolves.toBe(join(folder, 'tool'));
  });

  it('a folder is no command', async () => {
    await expect(resolveCommand('/tmp', { cwd: '/', path: '' })).rejects.toMatchObject({ problem: 'not_executable' });
  });
});

describe('TextLines', () => {
  it('gives lines whatever the chunks are, replaces what is no UTF-8, and cuts what never ends', () => {
    const text = new TextLines();
    const bytes = Buffer.from('one\r\ntwo €\n\nthree');
    const lines = [...bytes].flatMap((byte) => text.push(Buffer.from([byte])));
    expect([...lines, ...text.end(), ...text.end()]).toEqual(['one', 'two €', '', 'three']);
    expect(text.push(Buffer.from([0xff, 0x0a]))).toEqual(['\ufffd']);
    const long = text.push(Buffer.from(`${'€'.repeat(20_000)}\n`));
    expect(long.join('')).toBe('€'.repeat(20_000));
    expect(Math.max(...long.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(16 * 1024);
  });
});

describe('StderrTail', () => {
  it('keeps the last 256 lines and the last 64 KiB', () => {
    const tail = new StderrTail();
    tail.add(Array.from({ length: 1000 }, (_, index) => `line ${index}`));
    expect(tail.lines()).toHaveLength(256);
    expect(tail.lines(2)).toEqual(['line 998', 'line 999']);
    tail.add(Array.from({ length: 100 }, () => 'x'.repeat(1024)));
    expect(tail.lines()).toHaveLength(64);
  });
});

describe('a process', () => {
  it('is asked to end by the end of its stdin', async () => {
    const process = await start(['cat']);
    await expect(stopProcess(process)).resolves.toBe('exited');
    expect(process.exit).toEqual({ code: 0, signal: null });
  });

  it('F-40: its last output is read while it is being stopped', async () => {
    let read = 0;
    const process = await start(['sh', '-c', 'cat; head -c 3000000 /dev/zero'], (chunk) => {
      read += chunk.length;
    });
    await stopProcess(process);
    await process.closed;
    expect(read).toBe(3_000_000);
  });

  it('F-25: one that is stopped dies of SIGKILL, and so does what it started', async () => {
    const process = await start(['sh', '-c', 'sleep 300 & kill -STOP $$']);
    const times = { endOfInputMs: 50, terminateMs: 50, killMs: 2000 };
    await expect(stopProcess(process, times)).resolves.toBe('exited');
    expect(process.exit?.signal).toBe('SIGKILL');
    expect(process.signal('SIGTERM')).toBe('gone');
  });
});

async function start(
  command: readonly string[],
  onStdout: (chunk: Buffer) => void = () => undefined,
): Promise<ManagedProcess> {
  leavesCleanScene();
  const started = await startProcess({
    command,
    cwd: '/',
    env: processEnvironment(),
    onStdout,
    onStderr: () => undefined,
  });
  onTestFinished(async () => {
    await terminateProcess(started);
  });
  return started;
}
