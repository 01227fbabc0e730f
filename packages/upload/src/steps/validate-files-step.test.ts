import { expect, it } from 'vitest';

import { runSteps, type StepsRun } from '../../test/run-steps.js';
import { startTestBackend } from '../../test/start-test-backend.js';
import { AnalyzeCollectionStep } from './analyze-collection-step.js';
import { CleanupStep } from './cleanup-step.js';
import { InitializeStep } from './initialize-step.js';
import { OrganizeFilesStep } from './organize-files-step.js';
import { ValidateFilesStep, type ValidateFilesStepOptions } from './validate-files-step.js';

const TEXTS = { name: 'texts', is_required: true, extensions: ['txt', 'md'], file_type: 'text' };

it('passes what the collection wants', async () => {
  const { report, said } = await run({ 'set/texts/a.txt': 'cat' });
  expect(report.steps.at(-2)).toMatchObject({ status: 'completed', data: { validationPassed: true, groups: 1 } });
  expect(said).toContain('UPLOAD_VALIDATION_PASSED');
});

it('names the folders that were looked for when there is nothing at all', async () => {
  const { report, entries } = await run({ 'set/other/a.txt': 'cat' });
  expect(report.error?.message).toBe('No organized files to validate');
  expect(JSON.stringify(report.error)).toMatch(/set\/texts/);
  expect(JSON.stringify(entries.find(({ event }) => event === 'NO_TYPE_DIRECTORIES')?.data)).toMatch(/set\/texts/);
});

it('fails with every problem in one text, and tells what becomes of the files', async () => {
  const { report, entries, said } = await run({
    'set/texts/a.txt': '1',
    'set/texts/b.gif': '2',
    'set/texts/c.bmp': '3',
  });
  const text = `File validation failed: File group 1: file "b.gif" has extension ".gif" but spec "texts" expects ['txt', 'md'], File group 2: file "c.bmp" has extension ".bmp" but spec "texts" expects ['txt', 'md']`;
  expect(report.error?.message).toBe(text);
  expect(said.slice(-8, -4)).toEqual(['VALIDATION_FAILED', text, 'import_result', 'import_result_admin']);
  expect(entries.find(({ event }) => event === 'import_result')?.data).toMatchObject({
    total_files: 3,
    failed_count: 3,
    entries: [{ original_file_name: 'a', failure_reason_code: 'VALIDATION_FAILED' }, {}, {}],
  });
});

it('leaves out extensions that the action does not allow, and fails when nothing remains', async () => {
  const files = { 'set/texts/a.txt': 'cat', 'set/texts/b.md': 'dog' };
  const some = await run(files, { allowed: { text: ['.TXT'] } });
  expect(some.context.organizedFiles.map(({ key }) => key)).toEqual(['a']);
  expect(some.context.leftOutFiles).toMatchObject([{ code: 'EXTENSION_NOT_ALLOWED', key: 'b' }]);
  const none = await run(files, { allowed: { text: ['.pdf'] } });
  expect(none.report.error?.message).toBe('No files remaining after extension filtering');
});

it('leaves out what is unsafe, names the place and never the text', async () => {
  const files = { 'set/texts/a.txt': 'cat', 'set/texts/b.txt': 'x <script>steal("secret")</script>' };
  const { report, context, entries, said } = await run(files);
  expect(report.status).toBe('succeeded');
  expect(context.organizedFiles.map(({ key }) => key)).toEqual(['a']);
  expect(context.leftOutFiles).toMatchObject([
    { code: 'UNSAFE_CONTENT', key: 'b', spec: 'texts', detail: 'SCRIPT_INJECTION(script_tag) at byte 2' },
  ]);
  expect(said).toEqual(expect.arrayContaining(['UNSAFE_FILE_CONTENT', 'UNSAFE_FILES_EXCLUDED']));
  expect(entries.at(-2)).toMatchObject({ event: 'IMPORT_COMPLETED', data: { import_failed_count: 1 } });
  expect(JSON.stringify(entries)).not.toContain('steal');
});

it('fails when all is unsafe, unless nobody asked to look', async () => {
  const files = { 'set/texts/b.txt': '#!/bin/sh\nrm -rf /' };
  const { report, said } = await run(files);
  expect(report.error?.message).toBe('All files were excluded: unsafe file content');
  expect(said).toContain('ROLLBACK_FILE_VALIDATION');
  expect((await run(files, { step: { checkContent: false } })).report.status).toBe('succeeded');
});

it('takes another validation', async () => {
  const step = { strategy: { validate: () => ['nothing is good enough'] } };
  const { report } = await run({ 'set/texts/a.txt': 'cat' }, { step });
  expect(report.error?.message).toBe('File validation failed: nothing is good enough');
});

it('fails where nothing was found', async () => {
  const { report, said } = await run({});
  expect(report.error?.message).toBe('No organized files to validate');
  expect(said).toContain('NO_FILES_FOUND_WARNING');
});

interface RunOptions {
  readonly allowed?: Record<string, string[]>;
  readonly step?: ValidateFilesStepOptions;
}

async function run(files: Record<string, string>, { allowed = {}, step }: RunOptions = {}): Promise<StepsRun> {
  const { client } = await startTestBackend({ files, specifications: [TEXTS] });
  const steps = [
    new InitializeStep(),
    new AnalyzeCollectionStep(),
    new OrganizeFilesStep(),
    new ValidateFilesStep(step),
    new CleanupStep(),
  ];
  return await runSteps(steps, {}, { client, allowedExtensions: allowed });
}
