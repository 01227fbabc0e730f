import { adminLineOf } from './import-events.js';
import type { ImportReport } from './import-report.js';

const COLUMNS = [
  'import_request_id',
  'original_file_name',
  'import_status',
  'failure_reason_code',
  'failure_reason_detail',
  'processed_at',
  'file_path',
  'file_size',
  'checksum',
  'data_unit_id',
] as const;

/** The report's entries as CSV (RFC 4180: commas, CRLF, quotes doubled), with a header; what is not known is empty. */
export function importCsv(report: ImportReport): string {
  const rows = report.entries.map((entry) => adminLineOf(report, entry));
  const cells = rows.map((row) => COLUMNS.map((column) => cell(row[column])));
  return [COLUMNS, ...cells].map((row) => `${row.join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula gets an apostrophe: file names come from strangers. */
function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
