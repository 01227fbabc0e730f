import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { runSteps, type StepsRun } from '../../test/run-steps.js';
import { startTestBackend } from '../../test/start-test-backend.js';
import { InitializeStep } from './initialize-step.js';
import { ProcessMetadataStep } from './process-metadata-step.js';

const CSV = 'filename,label\na.jpg,cat\n';

it('reads the metadata file beside the files', async () => {
  const { context, said } = await run({ 'set/meta.csv': CSV });
  expect(context.fileMetadata).toEqual({ 'a.jpg': { label: 'cat' } });
  expect(said.slice(2)).toEqual(['EXCEL_METADATA_LOADED', 'UPLOAD_METADATA_LOADED']);
});

it('is skipped when there is none and none is named', async () => {
  const { report } = await run({ 'set/': '' });
  expect(report.steps[1]).toMatchObject({ name: 'process_metadata', status: 'skipped' });
});

it.each([
  ['below the storage', 'sheets/labels.csv'],
  ['below the storage, as an absolute path', '/sheets/labels.csv'],
  ['beside the files', 'other.csv'],
])('reads the one that the params name, %s', async (_, named) => {
  const { context } = await run({ 'sheets/labels.csv': CSV, 'set/other.csv': CSV }, { excel_metadata_path: named });
  expect(context.fileMetadata).toEqual({ 'a.jpg': { label: 'cat' } });
});

it('reads the one beside the files also when the program runs in the folder of the storage', async () => {
  const { server, client, root } = await startTestBackend({ files: { 'set/other.csv': CSV } });
  const before = process.cwd();
  process.chdir(root);
  try {
    const steps = [new InitializeStep(), new ProcessMetadataStep()];
    const { context } = await runSteps(steps, { excel_metadata_path: 'other.csv' }, { client });
    expect(context.fileMetadata).toEqual({ 'a.jpg': { label: 'cat' } });
  } finally {
    process.chdir(before);
  }
  expect(server.requests.length).toBeGreaterThan(0);
});

it('goes on without metadata when the named file is not there, and says so', async () => {
  const { report, context, said } = await run({ 'set/meta.csv': CSV }, { excel_metadata_path: 'none.xlsx' });
  expect(report.status).toBe('succeeded');
  expect(context.fileMetadata).toEqual({});
  expect(said.slice(2)).toEqual(['EXCEL_FILE_NOT_FOUND_PATH', expect.stringContaining('none.xlsx is not there')]);
});

it('goes on without metadata when the file cannot be understood', async () => {
  const { report, said, entries } = await run({ 'set/meta.csv': 'id,label\n1,cat\n' });
  expect(report.status).toBe('succeeded');
  expect(said.slice(2)).toEqual([
    'CSV_PARSING_ERROR',
    'UPLOAD_METADATA_INVALID_HEADER',
    'UPLOAD_METADATA_SKIPPED_DUE_TO_ERROR',
  ]);
  expect(entries[3]?.data['content']).toContain('got "id"');
});

it('fails when the file is larger than is read, and takes nothing from it', async () => {
  const { report, context, said } = await run({ 'set/meta.csv': 'x'.repeat(10 * 2 ** 20 + 1) });
  expect(report.error?.message).toMatch(/Excel security violation: CSV file too large: 10,485,761 bytes/);
  expect(said).toContain('EXCEL_SECURITY_VIOLATION');
  expect(context.fileMetadata).toEqual({});
});

it('refuses a named file that leads out of the storage', async () => {
  const { report } = await run({ 'set/': '' }, { excel_metadata_path: '../labels.csv' });
  expect(report.error?.message).toMatch(/leads out of the storage/);
});

async function run(files: Record<string, string>, params: Record<string, unknown> = {}): Promise<StepsRun> {
  const { client } = await startTestBackend({ files });
  return await runSteps([new InitializeStep(), new ProcessMetadataStep()], params, { client });
}

it('reads no file that its own name leads out of the storage', async () => {
  const outside = await startTestBackend({ files: { 'meta.csv': CSV } });
  const { client, root } = await startTestBackend({ files: { 'set/': '' } });
  await symlink(join(outside.root, 'meta.csv'), join(root, 'set/meta.csv'));
  const { report } = await runSteps([new InitializeStep(), new ProcessMetadataStep()], {}, { client });
  expect(report.error?.message).toMatch(/leads out of the storage/);
});
