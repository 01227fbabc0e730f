import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, type DatasetFolder } from '../../test/dataset-folder.js';
import { makeFolder } from '../output/make-folder.js';
import { convertDataset, type ConvertDatasetOptions } from './convert-dataset.js';

function dm(): Promise<DatasetFolder> {
  const box = { id: 'a', classification: 'cat', attrs: [], data: [2, 3, 8, 4] };
  return datasetFolder({ 'in/json/a.json': { images: [{ bounding_box: [box] }] }, 'in/original_files/a.png': PNG });
}

function asked(folder: DatasetFolder, output: string): ConvertDatasetOptions {
  return { from: 'dm_v2', to: 'yolo', input: join(folder.path, 'in'), output: join(folder.path, output) };
}

describe('the output of a conversion', () => {
  it('is taken by all who ask for the same at once, and made whole by one', async () => {
    await using folder = await dm();
    const options = { ...asked(folder, 'out'), reuse: true };
    const reports = await Promise.all(Array.from({ length: 6 }, () => convertDataset(options)));
    expect(reports.filter(({ reused }) => !reused)).toHaveLength(1);
    expect(new Set(reports.map(({ annotations }) => annotations))).toEqual(new Set([1]));
    expect((await readdir(folder.path)).sort()).toEqual(['in', 'out']);
  });

  it('is taken by all who replace an older one at once', async () => {
    await using folder = await dm();
    const options = { ...asked(folder, 'out'), reuse: true };
    await convertDataset(options);
    await writeFile(join(folder.path, 'in/original_files/b.png'), PNG);
    await writeFile(join(folder.path, 'in/json/b.json'), '{"images":[]}');
    const reports = await Promise.all(Array.from({ length: 6 }, () => convertDataset(options)));
    expect(reports.map(({ pictures }) => pictures)).toEqual([2, 2, 2, 2, 2, 2]);
    expect((await readdir(folder.path)).sort()).toEqual(['in', 'out']);
  });

  it('keeps its older content when the newer one cannot take its place', async () => {
    await using folder = await datasetFolder({ 'out/old': 'old' });
    const out = join(folder.path, 'out');
    const failing = makeFolder(out, async (part) => await writeFile(part.replace(/part$/u, 'part.old'), ''), {
      replace: true,
    });
    await expect(failing).rejects.toThrow('not a directory');
    expect(await readFile(join(out, 'old'), 'utf8')).toBe('old');
  });

  it('is refused where it lies in the input, or the input in it, by whatever names they are called', async () => {
    await using folder = await dm();
    await symlink(join(folder.path, 'in'), join(folder.path, 'link'));
    const options = asked(folder, 'link/out');
    await expect(convertDataset(options)).rejects.toMatchObject({ code: 'params_invalid' });
    const around = { ...options, input: join(folder.path, 'in'), output: folder.path };
    await expect(convertDataset(around)).rejects.toMatchObject({ code: 'params_invalid' });
    expect(await readdir(join(folder.path, 'in'))).toEqual(['json', 'original_files']);
  });

  it('that cannot be written says where, why, and what can be done', async () => {
    await using folder = await dm();
    await writeFile(join(folder.path, 'file'), '');
    const below = convertDataset(asked(folder, 'file/out'));
    await expect(below).rejects.toMatchObject({ code: 'output_not_writable' });
    await expect(below).rejects.toThrow(/file\/out cannot be written: .*not a directory.*Nothing was left/u);
  });

  it('that finds no room on its disk says so, and is gone', async () => {
    await using folder = await datasetFolder();
    const full = makeFolder(join(folder.path, 'out'), async (part) => {
      await mkdir(join(part, 'labels'));
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
    });
    await expect(full).rejects.toMatchObject({ code: 'output_not_writable' });
    await expect(full).rejects.toThrow(/out cannot be written: no space left on device.*Free some space/u);
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe('what a conversion tells', () => {
  it('is short, whatever names are like', async () => {
    const box = { id: 'i'.repeat(100_000), classification: 'c\n'.repeat(100_000), data: [2, 3, 8, 4] };
    await using folder = await datasetFolder({
      'in/json/a.json': { images: [{ bounding_box: [box] }] },
      'in/original_files/a.png': PNG,
    });
    const report = await convertDataset(asked(folder, 'out'));
    expect(report.leftOutCounts).toEqual({ class_name_unsafe: 1 });
    expect(JSON.stringify(report.leftOut).length).toBeLessThan(5000);
  });

  it('names the formats to somebody who asks for none of them', async () => {
    await using folder = await dm();
    const options = { ...asked(folder, 'out'), to: 'toString' } as unknown as ConvertDatasetOptions;
    await expect(convertDataset(options)).rejects.toThrow(/'toString' cannot be written; these can: dm_v1/u);
  });
});
