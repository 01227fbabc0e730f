import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_WIRE_LIMITS, type JsonObject } from '@synapse-steps/bridge/protocol';
import { demand } from '../subject/clause-failure.js';
import { referencesIn } from '../subject/judge-values.js';
import type { Asked, Subject } from '../subject/subject.js';
import type { Bench } from './bench.js';
import type { Scenario } from './scenario.js';

const TEXT = '{"rows":[1,2]}';
const FILE_UNUSABLE = 1012;

/** Large values in files; for plugins that declare it. */
export const FILES: readonly Scenario[] = [
  {
    name: 'files',
    title: 'a file of the exchange folder is taken and removed, and one that is not as it was said is refused',
    clauses: ['FI-1', 'FI-4', 'FI-5', 'FI-6', 'FI-7'],
    appliesTo: ({ capabilities }) => capabilities.files,
    run: async (bench) => {
      const folder = await mkdtemp(join(tmpdir(), 'conformance-files-'));
      try {
        await tryTaking(bench, folder);
        await tryLimit(bench, folder);
        await tryNaming(bench, folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
];

async function tryTaking(bench: Bench, folder: string): Promise<void> {
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
    const isTold = code === FILE_UNUSABLE && data?.pointer === '/context/full/_conformance';
    demand(isTold, 'FI-7', `it did not answer ${what} with 1012 (file_unusable) and the pointer to it`);
  }
}

/** One that brings more than it may is refused like any other that cannot be taken. */
async function tryLimit(bench: Bench, folder: string): Promise<void> {
  const limits = { ...DEFAULT_WIRE_LIMITS, max_file_bytes: TEXT.length - 1 };
  const subject = await bench.ready({ exchange_dir: folder, limits });
  await writeFile(join(folder, 'large'), TEXT);
  const answer = await subject.answerTo(ask(bench, subject, { $file: 'large' }));
  const isRefused = answer.kind === 'error' && answer.error.code === FILE_UNUSABLE;
  demand(isRefused, 'FI-6', 'it took more than the limits.max_file_bytes of initialize');
}

/** What it leaves as files itself, when next to nothing may stay in a message. */
async function tryNaming(bench: Bench, folder: string): Promise<void> {
  const session = randomUUID();
  await mkdir(join(folder, session));
  const limits = { ...DEFAULT_WIRE_LIMITS, inline_bytes: 1 };
  const subject = await bench.ready({ exchange_dir: folder, session, limits });
  const result = await subject.resultOf(subject.ask('execute', bench.callOf(bench.anyStep())), 'EX-1');
  for (const { $file: name, bytes, sha256 } of referencesIn(result)) {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    demand(content !== undefined, 'FI-4', `it named ${name}, where there is no file`);
    demand(content.length === bytes, 'FI-1', `${name} has ${content.length} bytes, and not the ${bytes} that it said`);
    demand(sumOf(content) === sha256, 'FI-1', `${name} does not have the SHA-256 that it said`);
  }
}

function ask(bench: Bench, subject: Subject, change: JsonObject): Asked {
  const reference = { bytes: TEXT.length, sha256: sumOf(TEXT), media: 'application/json', ...change };
  return subject.ask(
    'execute',
    bench.callOf(bench.anyStep(), { context: { rev: 1, full: { _conformance: reference } } }),
  );
}

function sumOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

async function isGone(path: string): Promise<boolean> {
  return await access(path).then(
    () => false,
    () => true,
  );
}
