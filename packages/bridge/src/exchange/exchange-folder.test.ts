import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BadFileError } from './exchange-error.js';
import { ExchangeFolder } from './exchange-folder.js';
import { hostName, hostsFolder, removeLeftovers } from './leftovers.js';

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'exchange-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open() {
  const root = join(scratch(), 'exchange');
  mkdirSync(root, { mode: 0o700 });
  return { root, folder: new ExchangeFolder(root, 'session') };
}

const media = 'application/octet-stream';
const content = Buffer.from('a table');

/** A reference to a file that holds the content, before something is done to it. */
function written() {
  const { root, folder } = open();
  const reference = folder.write(content, { media });
  return { root, folder, reference, path: join(root, reference.$file) };
}

describe('an exchange folder', () => {
  it('gives back what was written, once, and lets nobody else read it', () => {
    const { folder, reference, path } = written();
    expect(reference).toEqual({
      $file: expect.stringMatching(/^session\/[\da-f]{32}$/) as string,
      bytes: 7,
      sha256: createHash('sha256').update(content).digest('hex'),
      media,
    });
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(folder.take(reference, 7)).toEqual(content);
    expect(existsSync(path)).toBe(false);
    expect(() => folder.take(reference, 7)).toThrow('cannot be opened: ENOENT');
  });

  it.each([
    '/etc/passwd',
    '../secret',
    'session/../../secret',
    'session//x',
    './x',
    '',
    'session/.hidden',
    'a\\b',
    'x\0',
    'é',
  ])('refuses the name %j', (name) => {
    const { folder, reference } = written();
    expect(() => folder.take({ ...reference, $file: name }, 7)).toThrow(BadFileError);
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ['is a link to a file outside', (path) => swap(path, '/etc/passwd'), /cannot be opened|ELOOP/],
    ['is a link to a file inside', (path) => swap(path, `${path}.other`), /cannot be opened/],
    ['is in a folder that is a link', (path) => moveFolderOut(dirname(path)), /leads out of the exchange folder/],
    ['is a folder', (path) => (rmSync(path), mkdirSync(path)), /no regular file/],
    ['is a pipe, which is not waited for', (path) => (rmSync(path), execFileSync('mkfifo', [path])), /no regular file/],
    ['is shorter', (path) => writeFileSync(path, 'a tabl'), /6 bytes instead of 7/],
    ['is longer', (path) => writeFileSync(path, 'a table!'), /8 bytes instead of 7/],
    ['holds something else', (path) => writeFileSync(path, 'a cable'), /sha256/],
  ])('refuses a file that %s', (_title, harm, message) => {
    const { folder, reference, path } = written();
    harm(path);
    expect(() => folder.take(reference, 7)).toThrow(message);
    expect(readdirSync('/etc')).toContain('passwd');
  });

  it('refuses more than a message may bring, before it reads any of it', () => {
    const { folder, reference, path } = written();
    expect(() => folder.take(reference, 6)).toThrow('7 bytes are more than the 6');
    expect(existsSync(path)).toBe(true);
  });

  it.each([{ bytes: -1 }, { bytes: '7' }, { sha256: 'none' }, { sha256: undefined }, { $file: 7 }])(
    'refuses a reference in a wrong shape: %j',
    (wrong) => {
      const { folder, reference } = written();
      expect(() => folder.take({ ...reference, ...wrong }, 7)).toThrow('wrong shape');
    },
  );

  it('leaves nothing half-written where it cannot write', () => {
    const { root } = open();
    const full = new ExchangeFolder(root, 'session');
    writeFileSync(join(root, 'session'), 'a file in the way');
    expect(() => full.write(content, { media })).toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(root)).toEqual(['session']);
  });
});

function swap(path: string, target: string): void {
  if (!existsSync(target)) writeFileSync(target, content);
  rmSync(path);
  symlinkSync(target, path);
}

function moveFolderOut(folder: string): void {
  const outside = join(dirname(dirname(folder)), 'outside');
  renameSync(folder, outside);
  symlinkSync(outside, folder);
}

describe('what killed hosts left behind', () => {
  it('is removed by the next one, and nothing that belongs to somebody who may live', () => {
    const hosts = hostsFolder(scratch());
    const gone = Number(execFileSync('sh', ['-c', 'echo $$']));
    const own = hostName().split('_');
    const as = (change: Record<number, string>) => own.map((part, index) => change[index] ?? part).join('_');
    const dead = [`${as({ 4: String(gone), 5: '1' })}_abc`, as({ 2: 'another-boot' }), as({ 5: '1' })];
    const alive = [
      `${hostName()}_def`,
      as({ 1: 'other-machine', 4: String(gone) }),
      as({ 3: '999', 4: String(gone) }),
      as({ 4: '-1' }),
      'host_x',
      'something else',
    ];
    for (const name of [...dead, ...alive]) {
      mkdirSync(join(hosts, name));
      writeFileSync(join(hosts, name, 'file'), '');
    }
    symlinkSync('/etc', join(hosts, as({ 4: String(gone), 5: '2' })));
    expect(removeLeftovers(hosts).toSorted()).toEqual(dead.toSorted());
    expect(readdirSync(hosts).toSorted()).toEqual([...alive, as({ 4: String(gone), 5: '2' })].toSorted());
  });

  it('is looked for in a folder of this user alone', () => {
    const parent = scratch();
    const hosts = hostsFolder(parent);
    expect(statSync(hosts).mode & 0o777).toBe(0o700);
    chmodSync(hosts, 0o777);
    expect(() => hostsFolder(parent)).toThrow('no folder of this user alone');
    rmSync(hosts, { recursive: true });
    symlinkSync(scratch(), hosts);
    expect(() => hostsFolder(parent)).toThrow('no folder of this user alone');
  });
});
