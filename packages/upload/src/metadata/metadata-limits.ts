/** What a metadata file may be at most. Sizes are in bytes, texts in characters (UTF-16 code units). */
export interface MetadataLimits {
  readonly maxFileSize: number;
  readonly maxColumns: number;
  /** Rows with content, the header not counted. */
  readonly maxRows: number;
  /** What the parts of a workbook that are read may unpack to, all together. */
  readonly maxUnpackedSize: number;
  /** All values that are kept, and all shared strings of a workbook, each counted as often as it is used. */
  readonly maxTextLength: number;
}

/**
 * The first three are those of the Python SDK. The others keep a small file from becoming a large one: 100,000 rows of
 * ten columns unpack to about 50 MB.
 */
export const METADATA_LIMITS: MetadataLimits = {
  maxFileSize: 10 * 1024 * 1024,
  maxColumns: 300,
  maxRows: 100_000,
  maxUnpackedSize: 256 * 1024 * 1024,
  maxTextLength: 64 * 1024 * 1024,
};
