import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { runSteps, type StepsRun } from '../../test/run-steps.js';
import { startTestBackend } from '../../test/start-test-backend.js';
import { FlatFileDiscoveryStrategy } from '../discovery/flat-file-discovery-strategy.js';
import { NoneMetadataStrategy } from '../metadata/spreadsheet-metadata-strategy.js';
import { AnalyzeCollectionStep } from './analyze-collection-step.js';
import { InitializeStep } from './initialize-step.js';
import { OrganizeFilesStep, type OrganizeFilesStepOptions } from './organize-files-step.js';
import { ProcessMetadataStep } from './process-metadata-step.js';

const IMAGES = { name: 'images', is_required: true, extensions: ['jpg'], file_type: 'image' };
const LABELS = { name: 'labels', is_required: false, extensions: ['txt'], file_type: 'text' };
const specifications = [IMAGES, LABELS];
const ASSETS = { use_single_path: false, assets: { images: { path: 'cam' }, labels: { path: 'notes' } } };

it('puts the files of each specification together, with their metadata', async () => {
  const files = {
    'set/images/a.jpg': '1',
    'set/images/day/b.jpg': '2',
    'set/labels/a.txt': 'cat',
    'set/meta.csv': CSV,
  };
  const { context, said, report } = await run(files);
  expect(context.organizedFiles.map(({ key, files: found, meta }) => [key, Object.keys(found), meta['label']])).toEqual(
    [
      ['a', ['images', 'labels'], 'cat'],
      ['b', ['images'], undefined],
    ],
  );
  expect(said.slice(6)).toEqual([
    'TYPE_DIRECTORIES_FOUND',
    'TYPE_STRUCTURE_DETECTED',
    'FILE_ORGANIZATION_STARTED',
    'FILES_DISCOVERED',
    'UPLOAD_FILES_ORGANIZED',
  ]);
  expect(report.steps.at(-1)?.data).toEqual({ groups: 2, specifications: ['images', 'labels'], leftOut: 0 });
});

it('takes another discovery, and other metadata', async () => {
  const files = { 'set/images/a.jpg': '1', 'set/images/day/b.jpg': '2', 'set/meta.csv': CSV };
  const { context } = await run(files, {
    step: { strategy: new FlatFileDiscoveryStrategy(), metadata: new NoneMetadataStrategy() },
  });
  expect(context.organizedFiles.map(({ key, meta }) => [key, meta['label']])).toEqual([['a', undefined]]);
});

it('has a path for each specification where the params say so', async () => {
  const { context, said } = await run({ 'cam/x/a.jpg': '1', 'notes/a.txt': 'cat' }, { params: ASSETS });
  expect(context.organizedFiles.map(({ key, files }) => [key, Object.keys(files)])).toEqual([
    ['a', ['images', 'labels']],
  ]);
  expect(said.slice(4)).toEqual([
    'MULTI_PATH_MODE_ENABLED',
    'FILE_ORGANIZATION_STARTED',
    'DISCOVERING_FILES_FOR_ASSET',
    'DISCOVERING_FILES_FOR_ASSET',
    'FILES_FOUND_FOR_ASSET',
    'FILES_FOUND_FOR_ASSET',
    'ORGANIZING_FILES_MULTI_PATH',
    'TYPE_DIRECTORIES_MULTI_PATH',
    'FILES_DISCOVERED',
    'DATA_UNITS_CREATED_FROM_FILES',
    'UPLOAD_FILES_ORGANIZED',
  ]);
});

it('does without an optional path, and says so; a required one must be there', async () => {
  const files = { 'cam/a.jpg': '1', 'notes/a.txt': 'cat' };
  const without = await run(files, { params: { ...ASSETS, assets: { images: { path: 'cam' } } } });
  expect(without.said).toContain('OPTIONAL_SPEC_SKIPPED');
  expect(without.context.organizedFiles).toHaveLength(1);
  const { report } = await run(files, { params: { ...ASSETS, assets: { labels: { path: 'notes' } } } });
  expect(report.error?.message).toBe('Multi-path mode requires asset paths for: images');
});

it('keeps the groups when the folder of a required asset is missing, so that the next step says what is missing', async () => {
  const { context, said } = await run({ 'notes/a.txt': 'cat' }, { params: ASSETS });
  expect(context.organizedFiles.map(({ files }) => Object.keys(files))).toEqual([['labels']]);
  expect(said).toContain('ASSET_PATH_NOT_FOUND');
});

it.each([
  ['no folder at all', {}, 'NO_TYPE_DIRECTORIES'],
  ['only empty folders', { 'set/images/': '' }, 'NO_FILES_FOUND_WARNING'],
  ['no group that is complete', { 'set/labels/a.txt': 'cat' }, 'UPLOAD_NO_FILES_FOUND'],
])('succeeds with nothing where there is %s, and says so', async (_, files, last) => {
  const { report, context, said } = await run(files);
  expect([report.status, context.organizedFiles, said.at(-1)]).toEqual(['succeeded', [], last]);
});

it('tells what it left out', async () => {
  const { context, entries } = await run({
    'set/images/a.jpg': '1',
    'set/images/a.JPG': '2',
    'set/labels/b.txt': 'dog',
  });
  const codes = context.leftOutFiles.map(({ code }) => code).toSorted();
  expect(codes).toContain('MISSING_REQUIRED_FILE');
  expect(entries.find(({ event }) => event === 'FILES_LEFT_OUT')).toMatchObject({
    level: 'warning',
    data: { count: codes.length },
  });
});

it('refuses a specification whose folder is a link out of the storage', async () => {
  const outside = await startTestBackend({ files: { 'images/a.jpg': '1' } });
  const { client, root } = await startTestBackend({ specifications, files: { 'set/': '' } });
  await symlink(join(outside.root, 'images'), join(root, 'set/images'));
  const { report } = await runSteps(stepsWith(), {}, { client });
  expect(report.error?.message).toMatch(/leads out of the storage/);
});

it('fails without file specifications, and without a storage', async () => {
  const { client } = await startTestBackend({ specifications: [], files: { 'set/images/a.jpg': '1' } });
  expect((await runSteps(stepsWith(), {}, { client })).report.error?.message).toBe('File specifications not available');
  const other = await startTestBackend({ files: {} });
  const { report } = await runSteps([new AnalyzeCollectionStep(), new OrganizeFilesStep()], {}, other);
  expect(report.error?.message).toMatch(/Register InitializeStep before this step/);
});

const CSV = 'filename,label\na.jpg,cat\n';

function stepsWith(step: OrganizeFilesStepOptions = {}) {
  return [new InitializeStep(), new ProcessMetadataStep(), new AnalyzeCollectionStep(), new OrganizeFilesStep(step)];
}

async function run(
  files: Record<string, string>,
  { params = {}, step }: { params?: Record<string, unknown>; step?: OrganizeFilesStepOptions } = {},
): Promise<StepsRun> {
  const { client } = await startTestBackend({ files, specifications });
  return await runSteps(stepsWith(step), params, { client });
}
