import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { PNG } from '../../test/dataset-folder.js';
import { testFolder } from '../../test/start-dataset-backend.js';
import { convertDataset, type ConversionProgress } from './convert-dataset.js';

const box = (id: string, className = 'cat', data: unknown = [2, 3, 8, 4]): object => ({
  id,
  classification: className,
  data,
});
const document = (...boxes: object[]): object => ({ images: [{ bounding_box: boxes, relation: [{ id: 'r' }] }] });

async function dataset(): Promise<{ readonly root: string; readonly input: string }> {
  const root = await testFolder({
    'in/json/a.json': document(box('1'), box('2', 'dog')),
    'in/json/b.json': document(box('3', 'cat', ['x', 0, 1, 1])),
    'in/json/c.json': document(box('4')),
    'in/original_files/a.png': PNG,
    'in/original_files/b.png': PNG,
  });
  return { root, input: join(root, 'in') };
}

describe('convertDataset', () => {
  it('makes a folder, and a report of what is not in it', async () => {
    const { root, input } = await dataset();
    const progress: ConversionProgress[] = [];
    const output = join(root, 'deep', 'out');
    const report = await convertDataset({
      from: 'dm_v2',
      to: 'yolo',
      input,
      output,
      onProgress: (step) => progress.push(step),
    });
    expect(report).toMatchObject({
      format: 'yolo',
      path: output,
      configPath: join(output, 'dataset.yaml'),
      categorized: false,
      reused: false,
      pictures: 2,
      annotations: 2,
      leftOutCounts: { geometry_invalid: 1, picture_missing: 1, kind_not_supported: 2 },
    });
    expect(await readFile(join(output, 'labels/a.txt'), 'utf8')).toMatch(/^0 0\.3.*\n1 0\.3/);
    expect(progress.map(({ phase, pictures, total }) => [phase, pictures, total])).toEqual([
      ...[1, 2, 3].map((count) => ['survey', count, 3]),
      ...[1, 2, 3].map((count) => ['convert', count, 3]),
    ]);
  });

  it.each(['coco', 'pascal', 'imagefolder', 'yolo', 'yolo-tasks', 'dm_v1'] as const)(
    'leaves nothing of %s when it is stopped in the middle',
    async (to) => {
      const { root, input } = await dataset();
      const stop = new AbortController();
      const reason = new Error('enough');
      const onProgress = ({ phase }: ConversionProgress): void => void (phase === 'convert' && stop.abort(reason));
      const converted = convertDataset({
        from: 'dm_v2',
        to,
        input,
        output: join(root, 'out'),
        signal: stop.signal,
        onProgress,
      });
      await expect(converted).rejects.toBe(reason);
      expect(await readdir(root)).toEqual(['in']);
    },
  );

  it('refuses what is there, an output inside of its input, and a data set of which nothing is left', async () => {
    const { root, input } = await dataset();
    const other = await testFolder({ 'json/c.json': document(box('4')), 'original_files/d.png': PNG });
    await mkdir(join(root, 'empty'));
    await expect(convertDataset({ from: 'dm_v2', to: 'coco', input, output: other })).rejects.toMatchObject({
      code: 'output_exists',
    });
    await expect(convertDataset({ from: 'dm_v2', to: 'coco', input, output: join(input, 'x') })).rejects.toMatchObject({
      code: 'params_invalid',
    });
    await expect(
      convertDataset({ from: 'dm_v2', to: 'coco', input: other, output: join(root, 'out') }),
    ).rejects.toMatchObject({
      code: 'dataset_empty',
      message: expect.stringContaining('no such picture') as string,
    });
    await convertDataset({ from: 'dm_v2', to: 'coco', input, output: join(root, 'empty') });
    expect((await readdir(root)).sort()).toEqual(['empty', 'in']);
  });

  it('names the line of a label, the folder of a file, and what a format needs', async () => {
    const input = await testFolder({
      'data.yaml': 'names: [cat]',
      'images/one.png': PNG,
      'labels/one.txt': '\n0 0.3 0.5 0.4 0.4\n0 0.5 0.5 1.2 0.4',
    });
    const output = join(await testFolder(), 'out');
    const { leftOut } = await convertDataset({ from: 'yolo', to: 'pascal', input, output });
    expect(leftOut).toMatchObject([{ code: 'doubtful', picture: 'one', annotation: 'line 3' }]);
    const file = join(input, 'data.yaml');
    await expect(convertDataset({ from: 'yolo', to: 'coco', input: file, output: `${output}2` })).rejects.toMatchObject(
      {
        code: 'path_missing',
        message: `${file} is a file, and no folder. Name the folder of the data set: ${input}, or one above it.`,
      },
    );
    const toClasses = convertDataset({ from: 'yolo', to: 'imagefolder', input, output: `${output}2` });
    await expect(toClasses).rejects.toThrow(/no place for a box; this format needs classifications/);
  });

  it('takes a result again that was made of the same data, makes it anew of other data, and touches nothing else', async () => {
    const { root, input } = await dataset();
    const ask = { from: 'dm_v2', to: 'imagefolder', input, output: join(root, 'out'), reuse: true } as const;
    await writeFile(
      join(input, 'json/a.json'),
      JSON.stringify({ images: [{ classification: [{ classification: 'cat' }] }] }),
    );
    const first = await convertDataset(ask);
    expect(await convertDataset(ask)).toEqual({ ...first, reused: true });
    await writeFile(join(input, '.complete'), 'a download, and when it was last used');
    expect((await convertDataset(ask)).reused).toBe(true);
    await utimes(join(input, 'json/a.json'), 1, 1);
    expect(await convertDataset(ask)).toEqual(first);
    const mine = { ...ask, output: join(root, 'mine') };
    await mkdir(mine.output);
    await writeFile(join(mine.output, 'notes.txt'), 'mine');
    await expect(convertDataset(mine)).rejects.toMatchObject({ code: 'output_exists' });
    expect((await readdir(root)).sort()).toEqual(['in', 'mine', 'out']);
  });
});
