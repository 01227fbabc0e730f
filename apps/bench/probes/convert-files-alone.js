// The floor of a conversion: the files are read and the results written, and nothing is looked at.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { measureWork } from './measure-work.js';
import { serveProbe } from './serve-probe.js';

const [input = '', result = ''] = process.argv.slice(2);
const isPicture = (/** @type {string} */ name) => name.endsWith('.png');
const names = (/** @type {string} */ folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const sources = names(input).filter((name) => !isPicture(name));
const written = names(result).map((file) => ({
  file,
  name: file.slice(result.length + 1),
  content: isPicture(file) ? undefined : readFileSync(file),
}));
const folders = [...new Set(written.map(({ name }) => dirname(name)))];

await serveProbe(process.version.slice(1), ({ output = '' }) =>
  measureWork(() => {
    for (const folder of folders) mkdirSync(join(output, folder), { recursive: true });
    for (const source of sources) readFileSync(source);
    for (const { file, name, content } of written) {
      if (content === undefined) copyFileSync(file, join(output, name));
      else writeFileSync(join(output, name), content);
    }
  }),
);
