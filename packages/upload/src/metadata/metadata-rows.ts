import { UploadError } from '../upload-error.js';
import type { MetadataTable } from '../strategies.js';
import type { MetadataLimits } from './metadata-limits.js';

/** A row of a sheet: its texts up to the column limit, and how wide it really is. */
export interface MetadataRow {
  readonly cells: readonly string[];
  /** Index of the last cell with content, plus one. */
  readonly width: number;
}

const FILE_NAME_HEADERS = ['filename', 'file_name'];

/**
 * Collects the rows of one sheet: the first row with content is the header, its first column names the files. Throws a
 * `UploadError` as soon as a limit is passed, so that nothing beyond it is ever held.
 */
export class MetadataRows {
  readonly format: string;
  readonly limits: MetadataLimits;
  private headers: readonly string[] | undefined;
  private readonly rows = new Map<string, Record<string, string>>();
  private rowCount = 0;
  private textLength = 0;

  constructor(format: string, limits: MetadataLimits) {
    this.format = format;
    this.limits = limits;
  }

  add(row: MetadataRow): void {
    if (row.width === 0) return;
    if (row.width > this.limits.maxColumns) {
      throw limitError(`Too many columns: ${row.width} (max: ${this.limits.maxColumns})`);
    }
    if (this.headers === undefined) this.headers = headersOf(row, this.format);
    else this.addValues(row.cells, this.headers);
  }

  /** What was collected. An empty sheet has too few columns. */
  finish(): MetadataTable {
    if (this.headers === undefined) throw tooFewColumns(this.format);
    return Object.fromEntries(this.rows);
  }

  private addValues(cells: readonly string[], headers: readonly string[]): void {
    this.rowCount += 1;
    if (this.rowCount > this.limits.maxRows) {
      throw limitError(`Too many rows: more than ${this.limits.maxRows} (max: ${this.limits.maxRows})`);
    }
    const name = cells[0]?.trim() ?? '';
    const values = headers.slice(1).flatMap((header, index): [string, string][] => {
      return header === '' ? [] : [[header, cells[index + 1]?.trim() ?? '']];
    });
    if (name === '' || values.every(([, value]) => value === '')) return;
    this.count(name, values);
    this.rows.set(name, Object.fromEntries(values));
  }

  private count(name: string, values: readonly (readonly [string, string])[]): void {
    this.textLength += values.reduce((sum, [, value]) => sum + value.length, name.length);
    if (this.textLength <= this.limits.maxTextLength) return;
    throw limitError(
      `${this.format} file holds too much text: more than ${this.limits.maxTextLength.toLocaleString('en-US')} characters`,
    );
  }
}

function headersOf(row: MetadataRow, format: string): readonly string[] {
  const headers = row.cells.slice(0, row.width).map((cell) => cell.trim());
  const first = headers[0] ?? '';
  if (headers.length < 2) throw tooFewColumns(format);
  if (FILE_NAME_HEADERS.includes(first.toLowerCase())) return headers;
  const message =
    `First column header must be "filename" or "file_name", got: "${first.slice(0, 100)}". ` +
    `Valid options: ${FILE_NAME_HEADERS.join(', ')}`;
  throw new UploadError({ code: 'metadata_header', message, details: { header: first.slice(0, 100) } });
}

function tooFewColumns(format: string): UploadError {
  const message = `${format} file must have at least 2 columns (filename and metadata)`;
  return new UploadError({ code: 'metadata_invalid', message });
}

export function limitError(message: string, cause?: unknown): UploadError {
  return new UploadError({ code: 'metadata_limit', message, ...(cause !== undefined && { cause }) });
}
