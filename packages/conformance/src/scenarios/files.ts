import { createHash } from 'node:crypto';
import { access, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@synapse-steps/bridge/protocol';
import { demand } from '../subject/clause-failure.js';
import type { Asked, Subject } from '../subject/subject.js';
import type { Bench } from './bench.js';
import type { Scenario } from './scenario.js';

const TEXT = '{"rows":[1,2]}';

/** Large values in files; for plugins that declare it. */
export const FILES: readonly Scenario[] = [
  {
    name: 'files',
    title: 'a file of the exchange folder is taken and removed, and one that is not as it was said is refused',
    clauses: ['FI-4', 'FI-5', 'FI-7'],
    appliesTo: ({ capabilities }) => capabilities.files,
    run: async (bench) => {
      const folder = await mkdtemp(join(tmpdir(), 'conformance-files-'));
      try {
        await tryFiles(bench, folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
];

async function tryFiles(bench: Bench, folder: string): Promise<void> {
  const subject = await bench.ready({ exchange_dir: folder });
  for (const name of ['good', 'other', 'long']) await writeFile(join(folder, name), TEXT);
  await symlink(join(folder, 'other'), join(folder, 'link'));
  await subject.resultOf(ask(bench, subject, { $file: 'good' }), 'FI-4');
  demand(await isGone(join(folder, 'good')), 'FI-4', 'it left a file that it was given');
  const wrong: readonly (readonly [JsonObject, string])[] = [
    [{ $file: 'missing' }, 'a file that is not there'],
    [{ $file: 'link' }, 'a symbolic link'],
    [{ $file: '../other' }, 'a name that leads out of the folder'],
    [{ $file: 'other', sha256: '0'.repeat(64) }, 'a file with another SHA-256'],
    [{ $file: 'long', bytes: TEXT.length - 1 }, 'a file with another size'],
  ];
  for (const [change, what] of wrong) {
    const answer = await subject.answerTo(ask(bench, subject, change));
    demand(answer.kind === 'error', 'FI-5', `it took ${what}`);
    const { code, data } = answer.error;
    const isTold = code === 1012 && data?.pointer === '/context/full/_conformance';
    demand(isTold, 'FI-7', `it did not answer ${what} with 1012 (file_unusable) and the pointer to it`);
  }
}

function ask(bench: Bench, subject: Subject, change: JsonObject): Asked {
  const sha256 = createHash('sha256').update(TEXT).digest('hex');
  const reference = { bytes: TEXT.length, sha256, media: 'application/json', ...change };
  return subject.ask(
    'execute',
    bench.callOf(bench.anyStep(), { context: { rev: 1, full: { _conformance: reference } } }),
  );
}

async function isGone(path: string): Promise<boolean> {
  return await access(path).then(
    () => false,
    () => true,
  );
}
