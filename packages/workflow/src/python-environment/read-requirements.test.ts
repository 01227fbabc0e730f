import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRequirements } from './read-requirements.js';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'requirements-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await writeAll(folder, files);
  return folder;
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const TOP = `numpy==2.1.0 \\
    --hash=sha256:00
-r more/base.txt   # what all need
--constraint=limits.txt
-e ./ours[extra]
wheels/tiny-1.0-py3-none-any.whl ; python_version > "3.8"
other @ file://FOLDER/other.zip
--index-url http://127.0.0.1/simple
`;

const FILES = {
  'requirements.txt': '-r top.txt\n',
  'more/base.txt': 'scikit-learn\n-r ../more/base.txt\n',
  'limits.txt': 'scipy<2\n',
  'ours/pyproject.toml': '[project]\n',
  'ours/src/ours.py': 'x = 1\n',
  'wheels/tiny-1.0-py3-none-any.whl': 'bytes',
  'other.zip': 'bytes',
};

describe('the digest of requirements', () => {
  it.each([
    ['top.txt', '# another text\n'],
    ['more/base.txt', 'scikit-learn==1.5\n'],
    ['limits.txt', 'scipy<3\n'],
    ['ours/pyproject.toml', '[project]\nname = "x"\n'],
    ['ours/src/new.py', ''],
    ['wheels/tiny-1.0-py3-none-any.whl', 'other bytes'],
    ['other.zip', 'other bytes'],
  ])('changes with %s', async (name, text) => {
    const folder = await folderWith(FILES);
    await writeAll(folder, { 'top.txt': TOP.replace('FOLDER', folder) });
    const file = join(folder, 'requirements.txt');
    const before = await readRequirements(file);
    expect(await readRequirements(file)).toEqual(before);
    await writeAll(folder, { 'ours/__pycache__/ours.pyc': 'made by tools', 'ours/.git/HEAD': 'x', 'unnamed.txt': 'x' });
    expect(await readRequirements(file)).toEqual(before);
    await writeAll(folder, { [name]: text });
    expect((await readRequirements(file)).digest).not.toBe(before.digest);
  });

  it('cannot be made of a file that is missing, and says who names it', async () => {
    const folder = await folderWith({ 'requirements.txt': '\n# nothing\n-r gone.txt\n' });
    await expect(readRequirements(join(folder, 'requirements.txt'))).rejects.toMatchObject({
      code: 'python_requirements',
      message: `the requirements ${folder}/gone.txt, which ${folder}/requirements.txt:3 names, cannot be read: there is no such file. Check the path and the file.`,
    });
    await expect(readRequirements(folder)).rejects.toThrow(/cannot be read: it is a directory/);
  });

  it('cannot be made of a file that is not text', async () => {
    const folder = await folderWith({});
    await writeFile(join(folder, 'requirements.txt'), Buffer.from([0xff, 0xfe, 0x00]));
    await expect(readRequirements(join(folder, 'requirements.txt'))).rejects.toThrow(/it is not UTF-8 text/);
  });
});
