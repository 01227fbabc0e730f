import type { MetadataLimits } from '../metadata-limits.js';
import type { MetadataTable } from '../../strategies.js';
import { MetadataRows } from '../metadata-rows.js';
import { readDateStyles } from './date-styles.js';
import { readSheet } from './read-sheet.js';
import { readSharedStrings } from './shared-strings.js';
import { readWorkbook } from './workbook.js';
import { ZipParts } from './zip-parts.js';

/**
 * Reads the active sheet of an `.xlsx` workbook. Nothing is unpacked but what that sheet needs, and that as a stream
 * within the limits, so that neither a zip bomb nor a size that is a lie costs more than the limits allow.
 */
export async function readExcel(file: Buffer, limits: MetadataLimits, signal?: AbortSignal): Promise<MetadataTable> {
  const parts = await ZipParts.open(file, limits.maxUnpackedSize);
  try {
    const workbook = await readWorkbook(parts, signal);
    const { maxTextLength, maxColumns } = limits;
    const sharedStrings = await readSharedStrings(parts, workbook.sharedStrings, { maxTextLength, signal });
    const dateStyles = await readDateStyles(parts, workbook.styles, signal);
    const cells = { sharedStrings, dateStyles, epoch1904: workbook.epoch1904 };
    const table = new MetadataRows('Excel', limits);
    await readSheet(parts, workbook.sheet, { cells, maxColumns, onRow: (row) => table.add(row), signal });
    return table.finish();
  } finally {
    parts.close();
  }
}
