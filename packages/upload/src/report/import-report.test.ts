import { RuntimeContext } from '@synapse-steps/core';
import { expect, it } from 'vitest';

import { UploadContext } from '../upload-context.js';
import { importCsv } from './import-csv.js';
import { importResult, importResultAdmin, logImportReport } from './import-events.js';
import { importReport } from './import-report.js';

const NOW = '2026-01-31T10:00:00.000Z';

it('has a line for every file and unit but those that are not allowed, and counts what was skipped in neither', () => {
  const report = importReport(contextWith(), NOW);
  expect(report).toMatchObject({ requestId: 'IMP-20260130-42', successCount: 2, failedCount: 3, storageId: 1 });
  expect(report.entries.map(({ name, status, reasonCode }) => [name, status, reasonCode])).toEqual([
    ['b.txt', 'failed', 'UNSAFE_CONTENT'],
    ['c.txt', 'skipped', 'EMPTY_OPTIONAL_FILE'],
    ['d.jpg', 'failed', 'UPLOAD_FAILED'],
    ['e', 'failed', 'DATA_UNIT_FAILED'],
    ['a', 'success', undefined],
    ['=f', 'success', undefined],
  ]);
});

it('is told by the names of the log, more of it to those who look after it', () => {
  const report = importReport(contextWith(), NOW);
  expect(importResult(report)).toMatchObject({
    import_request_id: 'IMP-20260130-42',
    total_files: 5,
    completed_at: NOW,
  });
  expect(JSON.stringify(importResult(report))).not.toContain('/data/');
  const { entries } = importResultAdmin(report) as unknown as { entries: unknown[] };
  expect(entries[4]).toEqual({
    import_request_id: 'IMP-20260130-42',
    original_file_name: 'a',
    import_status: 'success',
    failure_reason_code: null,
    failure_reason_detail: null,
    processed_at: NOW,
    file_path: null,
    file_size: null,
    checksum: null,
    data_unit_id: 501,
  });
});

it('is written as CSV that no spreadsheet takes for formulas', () => {
  const lines = importCsv(importReport(contextWith(), NOW)).split('\r\n');
  expect(lines[0]).toMatch(/^import_request_id,original_file_name,import_status,/);
  expect(lines[3]).toBe(
    `IMP-20260130-42,d.jpg,failed,UPLOAD_FAILED,"it said ""no"", twice",${NOW},"/data/x, y/d.jpg",,,`,
  );
  expect(lines[6]).toBe(`IMP-20260130-42,'=f,success,,,${NOW},,,,502`);
  expect(lines).toHaveLength(8);
});

it('is told in parts where it is long, none of which is too large for a line', () => {
  const told: { event: string; data: Readonly<Record<string, unknown>> }[] = [];
  const context = contextWith();
  context.dataUnits = Array.from({ length: 300 }, (_, id) => ({ id, key: `k${id}` }));
  context.log = (event: string, data?: Readonly<Record<string, unknown>>) =>
    void told.push({ event, data: data ?? {} });
  logImportReport(context, importReport(context, NOW));
  for (const name of ['import_result', 'import_result_admin']) {
    const parts = told.filter(({ event }) => event === name).map(({ data }) => data);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map(({ part, parts: of, total_files: total }) => [part, of, total])).toEqual(
      parts.map((_, index) => [index + 1, parts.length, 303]),
    );
    expect(parts.flatMap(({ entries }) => entries)).toHaveLength(304);
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(32 * 1024);
  }
});

function contextWith(): UploadContext {
  const params = { name: 'Batch 1', storage: 1, data_collection: 5, path: 'set' };
  const context = new UploadContext(new RuntimeContext({ params, jobId: '42' }));
  context.startedAt = '2026-01-30T23:59:59.000Z';
  context.leftOutFiles = [
    { code: 'UNSAFE_CONTENT', path: '/data/b.txt', detail: 'EXECUTABLE(shebang) at byte 0' },
    { code: 'EMPTY_OPTIONAL_FILE', path: '/data/c.txt', detail: 'It is empty.' },
    { code: 'EXTENSION_NOT_ALLOWED', path: '/data/g.png', detail: 'Only jpg is allowed.' },
  ];
  context.lostFiles = [{ key: 'd', spec: 'images', path: '/data/x, y/d.jpg', reason: 'it said "no", twice' }];
  context.failedDataUnits = [{ key: 'e', reason: '409' }];
  context.dataUnits = [
    { id: 501, key: 'a' },
    { id: 502, key: '=f' },
  ];
  return context;
}
