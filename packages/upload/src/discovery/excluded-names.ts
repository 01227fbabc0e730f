/** Files that file managers, network drives and version control leave behind. */
const EXCLUDED_FILES = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '.gitkeep']);

/** Folders of the same kind; nothing below them is looked at. */
const EXCLUDED_FOLDERS = new Set([
  '@eaDir',
  '.@__thumb',
  '@Recycle',
  '#recycle',
  '.DS_Store',
  'Thumbs.db',
  '.synology',
  '__pycache__',
  '.git',
]);

export function isExcludedFile(name: string): boolean {
  return EXCLUDED_FILES.has(name);
}

export function isExcludedFolder(name: string): boolean {
  return EXCLUDED_FOLDERS.has(name);
}
