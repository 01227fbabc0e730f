import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
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
./ours[extra]
-e editable
-e "./with a space"
./also spaced ; python_version > "3.8"
named @ file://FOLDER/other.zip
-r file://FOLDER/by-url.txt
-c \${PLACE_OF_LIMITS}/more-limits.txt
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
  'editable/setup.py': 'x = 1\n',
  'editable/src/it/__init__.py': '',
  'with a space/pyproject.toml': '',
  'also spaced/it.py': '',
  'by-url.txt': 'x\n',
  'limits/more-limits.txt': 'x\n',
  'elsewhere/linked.py': '',
};

/** Their texts, and a link to a folder. */
async function projectFolder(): Promise<string> {
  const folder = await folderWith(FILES);
  await writeAll(folder, { 'top.txt': TOP.replaceAll('FOLDER', folder) });
  await symlink('../elsewhere', join(folder, 'ours/linked'));
  await symlink('..', join(folder, 'ours/src/circle'));
  vi.stubEnv('PLACE_OF_LIMITS', join(folder, 'limits'));
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

describe('the digest of requirements', () => {
  it.each([
    ['top.txt', '# another text\n'],
    ['more/base.txt', 'scikit-learn==1.5\n'],
    ['limits.txt', 'scipy<3\n'],
    ['ours/pyproject.toml', '[project]\nname = "x"\n'],
    ['ours/src/new.py', ''],
    ['wheels/tiny-1.0-py3-none-any.whl', 'other bytes'],
    ['other.zip', 'other bytes'],
    ['ours/src/build/names.py', ''],
    ['elsewhere/linked.py', 'x = 2\n'],
    ['editable/setup.py', 'x = 2\n'],
    ['editable/src/it/fast.c', ''],
    ['editable/src/another/__init__.py', ''],
    ['with a space/pyproject.toml', 'x'],
    ['also spaced/it.py', 'x'],
    ['by-url.txt', 'y\n'],
    ['limits/more-limits.txt', 'y\n'],
  ])('changes with %s', async (name, text) => {
    const folder = await projectFolder();
    const file = join(folder, 'requirements.txt');
    const before = await readRequirements(file);
    expect(await readRequirements(file)).toEqual(before);
    await writeAll(folder, {
      'ours/__pycache__/ours.pyc': 'made by tools',
      'ours/.git/HEAD': 'x',
      'ours/build/lib/ours.py': 'x',
      'unnamed.txt': 'x',
    });
    await writeAll(folder, { 'editable/src/it/__init__.py': 'x = 2\n', 'editable/runs/weights.bin': 'made by a run' });
    expect(await readRequirements(file)).toEqual(before);
    await writeAll(folder, { [name]: text });
    expect((await readRequirements(file)).digest).not.toBe(before.digest);
  });

  it('is one for copies of a project, but not where the code of each is used where it lies', async () => {
    const files = { 'requirements.txt': './ours\n', 'editable.txt': '-e ours\n', 'ours/pyproject.toml': '' };
    const [one, other] = [await folderWith(files), await folderWith(files)];
    const digest = async (folder: string, name: string) => (await readRequirements(join(folder, name))).digest;
    expect(await digest(one, 'requirements.txt')).toBe(await digest(other, 'requirements.txt'));
    expect(await digest(one, 'editable.txt')).not.toBe(await digest(other, 'editable.txt'));
  });

  it('knows the variables that they name, but no values', async () => {
    const text = '--index-url https://${INDEX_TOKEN}@127.0.0.1/simple # ${NOT_THIS}\n';
    const folder = await folderWith({ 'requirements.txt': text });
    const read = async (token: string) => {
      vi.stubEnv('INDEX_TOKEN', token);
      onTestFinished(() => void vi.unstubAllEnvs());
      return await readRequirements(join(folder, 'requirements.txt'));
    };
    const found = await read('one');
    expect(found.variables).toEqual(['INDEX_TOKEN']);
    expect(await read('other')).toEqual(found);
  });

  it('minds neither a byte order mark nor the ends of lines', async () => {
    const folder = await folderWith({ 'requirements.txt': '\ufeff-r more.txt\r\nnumpy\r\n', 'more.txt': 'one' });
    const before = await readRequirements(join(folder, 'requirements.txt'));
    await writeAll(folder, { 'more.txt': 'other' });
    expect((await readRequirements(join(folder, 'requirements.txt'))).digest).not.toBe(before.digest);
  });

  it('cannot be made of what never ends, or is no text of requirements', async () => {
    const folder = await folderWith({ 'large.txt': '#'.repeat(1024 * 1024 + 1) });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(readRequirements(join(folder, 'pipe'))).rejects.toThrow(/it is no regular file/);
    await expect(readRequirements(join(folder, 'large.txt'))).rejects.toThrow(/it has 1048577 bytes, more than/);
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
