import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetFormats } from '@synapse-steps/datasets';
import { describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

/** 20 by 10 pixels. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAF0lEQVR4nGM8wcXFQC5gIlvnqOYRoxkAJZIA8JEUpzoAAAAASUVORK5CYII=',
  'base64',
);

const BOX = { id: 'b1', classification: 'cat', attrs: [], data: [2, 3, 8, 4] };
const POLYGON = {
  id: 'q1',
  classification: 'road',
  attrs: [],
  data: [
    [0, 0],
    [20, 0],
    [10, 10],
  ],
};

/** A data set as the backend gives it, of that many pictures. */
async function addDataset(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'json'), { recursive: true });
  await mkdir(join(folder, 'original_files'));
  for (let index = 0; index < count; index += 1) {
    const image = { bounding_box: [BOX], polygon: index === 0 ? [POLYGON] : [], keypoint: [], polyline: [] };
    const document = { classification: { bounding_box: ['cat'], polygon: ['road'] }, images: [image] };
    await writeFile(join(folder, 'json', `${index}.json`), JSON.stringify(document));
    await writeFile(join(folder, 'original_files', `${index}.png`), PICTURE);
  }
}

async function withDataset(count = 2): Promise<CommandLine> {
  const commandLine = await CommandLine.open();
  await addDataset(join(commandLine.folder, 'in'), count);
  return commandLine;
}

const TO_PASCAL = ['convert', '--from', 'dm_v2', '--to', 'pascal', 'in', 'out'];

describe('convert', () => {
  it('makes a folder of another format, shows how far it is on stderr, and where the result is on stdout', async () => {
    await using commandLine = await withDataset();
    const { code, stdout, stderr } = await commandLine.run(['convert', '--from', 'dm_v2', '--to', 'yolo', 'in', 'out']);
    expect(stderr).toContain('[100 %] converting: 2 of 2 pictures\n');
    expect(stdout).toMatch(/^yolo: 2 pictures with 3 annotations in .*\/out\nFor a trainer: .*\/out\/dataset\.yaml\n$/);
    expect(code).toBe(0);
    expect(await readdir(join(commandLine.folder, 'out'))).toEqual(
      expect.arrayContaining(['dataset.yaml', 'images', 'labels']),
    );
  });

  it('tells what was left out and exits with 1, unless that is allowed', async () => {
    await using commandLine = await withDataset();
    const told = await commandLine.run([...TO_PASCAL, '--quiet']);
    expect(told).toMatchObject({ code: 1, stderr: '' });
    expect(told.stdout).toMatch(
      /pascal: 2 pictures with 2 annotations in .*\nLeft out:\n {2}kind_not_supported: 1\n {4}0, annotation q1: .*polygons/,
    );
    const allowed = await commandLine.run([...TO_PASCAL.with(-1, 'out-2'), '--allow-left-out', '--json']);
    expect(allowed.code).toBe(0);
    expect(JSON.parse(allowed.stdout)).toMatchObject({
      format: 'pascal',
      pictures: 2,
      annotations: 2,
      leftOutCounts: { kind_not_supported: 1 },
      leftOut: [{ code: 'kind_not_supported', picture: '0', annotation: 'q1' }],
    });
  });

  it.each<[string, string[], RegExp]>([
    [
      'a format that does not exist',
      ['--from', 'dm', '--to', 'yolo', 'in', 'new'],
      /--from 'dm' is no format\. Did you mean 'dm_v2'\? .*: dm_v1, /,
    ],
    ['a slip', ['--from', 'dm_v2', '--to', 'Yollo', 'in', 'new'], /--to 'Yollo' is no format\. Did you mean 'yolo'\?/],
    ['a name of other tools', ['--from', 'Pascal_VOC', '--to', 'yolo', 'in', 'new'], /Did you mean 'pascal'\?/],
    ['nothing like a format', ['--from', 'x', '--to', 'yolo', 'in', 'new'], /--from 'x' is no format\. The formats/],
    ['no format', ['--from', 'dm_v2', 'in', 'new'], /required option '--to <format>' not specified/],
    ['a folder that is not there', ['--from', 'dm_v2', '--to', 'yolo', 'gone', 'new'], /gone/],
    [
      'a result that is there already',
      ['--from', 'dm_v2', '--to', 'yolo', 'in', 'file'],
      /file is there already\. Remove it/,
    ],
    [
      'a name that no disk takes',
      ['--from', 'dm_v2', '--to', 'yolo', 'in', 'x'.repeat(300)],
      /ENAMETOOLONG.* Nothing was written\./,
    ],
    [
      'an empty name',
      ['--from', 'dm_v2', '--to', 'yolo', '--splits', 'a,,b', 'in', 'new'],
      /--splits 'a,,b' has an empty/,
    ],
    ['a split that is not there', ['--from', 'dm_v2', '--to', 'yolo', '--splits', 'no', 'in', 'new'], /'?no'?/],
    ['an unknown way', ['--from', 'dm_v2', '--to', 'yolo', '--outside', 'x', 'in', 'new'], /one of: clip, leave-out\./],
  ])('with %s writes nothing and exits with 2', async (_title, args, message) => {
    await using commandLine = await withDataset();
    await commandLine.write('file');
    const { code, stdout, stderr } = await commandLine.run(['convert', ...args]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('fault of synapse-steps');
    expect([code, stdout]).toEqual([2, '']);
    expect(await commandLine.files()).toEqual(['file', 'in']);
  });

  it('is given up by Ctrl-C and leaves nothing', async () => {
    await using commandLine = await withDataset(3000);
    const running = commandLine.start(['convert', '--from', 'dm_v2', '--to', 'yolo', 'in', 'out']);
    await running.prints(/ converting: /, 'stderr');
    running.signal('SIGINT');
    const { code, stderr } = await running.finished;
    expect(stderr).toMatch(/Cancelled \(Ctrl-C\); nothing was written\.\n$/);
    expect(code).toBe(130);
    expect(await commandLine.files()).toEqual(['in']);
  });

  it('overwrites one line on a terminal', async () => {
    await using commandLine = await withDataset();
    const { stdout } = await commandLine.run(['convert', '--from', 'dm_v2', '--to', 'yolo', 'in', 'out'], {
      columns: 80,
    });
    expect(stdout).toContain('\r\u001b[2K[100 %] converting: 2 of 2 pictures\r\u001b[2K');
  });

  it('names all formats in its help, with examples and exit codes', async () => {
    await using commandLine = await CommandLine.open();
    const { stdout } = await commandLine.run(['convert', '--help']);
    for (const format of datasetFormats) expect(stdout).toContain(format);
    expect(stdout).toMatch(/Examples:\n {2}synapse-steps convert --from dm_v2[^]*Exit codes: 0 converted, 1 /);
  });
});
