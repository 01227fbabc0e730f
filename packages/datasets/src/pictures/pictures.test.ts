import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { picturesOfAllKinds } from '../../test/pictures-of-all-kinds.js';
import type { LeftOut } from '../model/left-out.js';
import { compareCodePoints } from './compare-code-points.js';
import { picturesIn } from './picture-index.js';
import { lookAt, pictureSize, sizeInStart } from './picture-size.js';
import { placePicture } from './place-picture.js';
import { unsafeName } from './safe-name.js';
import { Turns } from './turns.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function look(bytes: Uint8Array | string): ReturnType<typeof pictureSize> {
  const path = join(folder, 'picture');
  writeFileSync(path, bytes);
  return pictureSize(path);
}

describe('pictureSize', () => {
  it.each(Object.entries(picturesOfAllKinds))('reads the size of a %s', async (_kind, bytes) => {
    expect(look(bytes)).toEqual({ size: { width: 20, height: 10 } });
  });

  it('finds a size behind hundreds of kilobytes of metadata', async () => {
    const [start, rest] = [picturesOfAllKinds.jpeg.subarray(0, 2), picturesOfAllKinds.jpeg.subarray(2)];
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(0xfffd)]);
    const bytes = Buffer.concat([start, ...Array.from({ length: 10 }, () => comment), rest]);
    expect(look(bytes)).toEqual({ size: { width: 20, height: 10 } });
  });

  it.each([
    ['no bytes', '', 'is empty'],
    ['text', 'no picture', 'is no picture'],
    ['a PNG that breaks off', picturesOfAllKinds.png.subarray(0, 18), 'is no picture, or one that breaks off'],
    ['a vector graphic', '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>', 'is none of PNG'],
  ])('says why %s has no size', async (_what, bytes, reason) => {
    const { problem } = look(bytes);
    expect(problem?.code).toBe('picture_broken');
    expect(problem?.reason).toContain(reason);
  });

  it('looks at no bytes but those of the picture', () => {
    const bytes = picturesOfAllKinds.png.subarray(0, 18); // what is behind them in memory would say the height
    expect(sizeInStart(bytes, { path: 'a.png', isWhole: true })?.problem?.code).toBe('picture_broken');
  });

  it('takes a picture without width for a broken one', async () => {
    const bytes = Buffer.from(picturesOfAllKinds.png);
    bytes.writeUInt32BE(0, 16);
    expect(look(bytes).problem?.code).toBe('picture_broken');
  });

  it('says that a file is missing, also where a link leads nowhere', async () => {
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));
    expect(pictureSize(join(folder, 'one.png')).problem?.code).toBe('picture_missing');
    expect(pictureSize(join(folder, 'link')).problem?.code).toBe('picture_missing');
  });

  it('takes neither a folder nor a pipe for a picture', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
    expect(pictureSize(folder).problem?.code).toBe('picture_broken');
    expect(pictureSize(join(folder, 'pipe')).problem?.code).toBe('picture_broken');
  });
});

describe('lookAt', () => {
  it('looks once at a picture, and again at another one with the same path', async () => {
    const path = join(folder, 'one.png');
    await writeFile(path, picturesOfAllKinds.png);
    const picture = { path };
    const first = lookAt(picture);
    await rm(path);
    expect(first).toEqual({ size: { width: 20, height: 10 } });
    expect(lookAt(picture)).toBe(first);
    expect(lookAt({ path }).problem?.code).toBe('picture_missing');
  });
});

describe('placePicture', () => {
  let from: string;
  beforeEach(async () => {
    from = join(folder, 'from.png');
    await writeFile(from, 'picture');
  });

  it('makes a second name for the same bytes, and the folders before it', async () => {
    const to = join(folder, 'a', 'b', 'to.png');
    expect(await placePicture(from, { to })).toBe('placed');
    expect((await stat(to)).ino).toBe((await stat(from)).ino);
  });

  it('copies when asked to', async () => {
    const to = join(folder, 'to.png');
    expect(await placePicture(from, { to, copy: true })).toBe('placed');
    expect((await stat(to)).ino).not.toBe((await stat(from)).ino);
    expect(await readFile(to, 'utf8')).toBe('picture');
  });

  it.skipIf(process.platform !== 'linux')('copies from another file system', async () => {
    const to = join('/dev/shm', `place-picture-${process.pid}.png`);
    try {
      expect(await placePicture(from, { to })).toBe('placed');
      expect(await readFile(to, 'utf8')).toBe('picture');
    } finally {
      await rm(to, { force: true });
    }
  });

  it('places what a symbolic link leads to, not the link', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await symlink('../from.png', join(folder, 'elsewhere', 'link.png'));
    const to = join(folder, 'to.png');
    expect(await placePicture(join(folder, 'elsewhere', 'link.png'), { to })).toBe('placed');
    expect((await lstat(to)).isFile()).toBe(true);
    expect(await readFile(to, 'utf8')).toBe('picture');
  });

  it.each([false, true])('leaves what is there already as it is (copy: %s)', async (copy) => {
    const to = join(folder, 'to.png');
    await writeFile(to, 'other');
    expect(await placePicture(from, { to, copy })).toBe('taken');
    expect(await readFile(to, 'utf8')).toBe('other');
  });

  it('throws what the file system throws', async () => {
    await expect(placePicture(join(folder, 'none.png'), { to: join(folder, 'to.png') })).rejects.toThrow('ENOENT');
  });
});

describe('picturesIn', () => {
  async function list(...files: readonly string[]): Promise<{ pictures: unknown; leftOut: LeftOut[] }> {
    await mkdir(join(folder, 'street'), { recursive: true });
    for (const file of files) await writeFile(join(folder, file), '');
    const leftOut: LeftOut[] = [];
    const pictures = await picturesIn(folder, { leaveOut: (entry) => leftOut.push(entry), label: 'train' });
    return { pictures: Object.fromEntries(pictures), leftOut };
  }

  it('finds pictures by name, in folders too, and nothing else', async () => {
    const { pictures } = await list('two.JPG', 'one.png', 'street/one.webp', 'notes.txt', '.hidden.png', 'a.b.png');
    expect(pictures).toEqual({ 'a.b': 'a.b.png', one: 'one.png', 'street/one': 'street/one.webp', two: 'two.JPG' });
  });

  it('takes one of two pictures that differ in their extension alone, and says so', async () => {
    const { pictures, leftOut } = await list('one.png', 'one.jpg');
    expect(pictures).toEqual({ one: 'one.jpg' });
    expect(leftOut).toMatchObject([{ code: 'picture_duplicate', picture: 'train/one.png' }]);
  });

  it('follows links to pictures, not to folders', async () => {
    await symlink(folder, join(folder, 'loop'));
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'file'), join(folder, 'link.png'));
    expect((await list()).pictures).toEqual({ link: 'link.png' });
  });

  it('finds nothing in a folder that is not there', async () => {
    expect(await picturesIn(join(folder, 'none'), { leaveOut: () => undefined })).toEqual(new Map());
  });
});

describe('unsafeName', () => {
  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'a\u2028b', 'a\0', 'x'.repeat(256)])('refuses %j', (name) => {
    expect(unsafeName(name)).toContain('cannot be the name of a file or folder');
  });

  it.each(['cat', 'Straße 5', '...', 'a.b', 'x'.repeat(255)])('takes %j', (name) => {
    expect(unsafeName(name)).toBeUndefined();
  });

  it('takes folders where they are wanted, and refuses parts that lead elsewhere', () => {
    expect(unsafeName('street/one', { folders: true })).toBeUndefined();
    for (const name of ['../one', 'a//b', '/one', 'a/..', 'a/'])
      expect(unsafeName(name, { folders: true })).toBeDefined();
  });
});

describe('compareCodePoints', () => {
  it('orders as UTF-8 does, beyond U+FFFF too', () => {
    const words = ['b', '\u{1F600}', '', 'a', '\uFFFD', 'ab', '\uE000', '\u{10FFFF}', 'a\u{1F600}', 'a\uFF5E', 'é'];
    const asBytes = words.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(words.toSorted(compareCodePoints)).toEqual(asBytes);
  });
});

describe('Turns', () => {
  it('lets timers go on while many small files are read', async () => {
    const turns = new Turns();
    let isDue = false;
    setTimeout(() => (isDue = true), 5);
    for (const end = performance.now() + 10_000; !isDue && performance.now() < end;) await turns.next(undefined);
    expect(isDue).toBe(true);
  });

  it('ends with the reason of a signal', async () => {
    await expect(new Turns().next(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
