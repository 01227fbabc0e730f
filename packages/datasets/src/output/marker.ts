/** Lies in a folder that is complete, and says of what: of a download, or of a conversion. */
export const MARKER = '.complete';
