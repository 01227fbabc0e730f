import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One line of a golden file; see test-fixtures/protocol/README.md. */
export interface GoldenFrame {
  readonly title: string;
  readonly raw?: string;
  readonly rawBase64?: string;
  readonly valid: boolean;
  readonly value?: unknown;
  readonly kind: string;
  readonly method?: string;
  readonly stray?: string;
  readonly lines?: readonly string[];
  readonly rest?: string;
  readonly limit?: number;
}

const root = fileURLToPath(new URL('../../../test-fixtures/protocol/', import.meta.url));

/** All entries of one file, e.g. `frames/text.json`. */
export function goldenFile(path: string): GoldenFrame[] {
  return JSON.parse(readFileSync(root + path, 'utf8')) as GoldenFrame[];
}

/** All entries of all files of a folder, titles prefixed with the file's name. */
export function goldenFolder(folder: string): GoldenFrame[] {
  return readdirSync(root + folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) =>
      goldenFile(`${folder}/${file}`).map((entry) => ({ ...entry, title: `${file.slice(0, -5)}: ${entry.title}` })),
    );
}

/** The bytes of an entry. */
export function goldenBytes(entry: GoldenFrame): Buffer {
  return entry.rawBase64 === undefined ? Buffer.from(entry.raw ?? '', 'utf8') : Buffer.from(entry.rawBase64, 'base64');
}
