import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeBackend } from '../../../../test-fixtures/backend/fake-backend.js';
import type { FileSpec, RunGiven } from '../cases/action-vector.js';
import { withTexts } from '../cases/with-texts.js';
import { writeTree } from './file-tree.js';

type Given = Pick<RunGiven, 'backend' | 'faults'> & { readonly files: Readonly<Record<string, FileSpec>> };

/** What surrounds the run of one vector: a folder that is the storage, and a backend that fails as it is told. */
export class World {
  readonly folder: string;
  readonly root: string;
  /** Where an action keeps what is not asked for by a path. */
  readonly temp: string;
  readonly backend: FakeBackend;
  readonly #served: readonly string[];

  private constructor(folder: string, backend: FakeBackend, served: readonly string[]) {
    this.folder = folder;
    this.root = join(folder, 'root');
    this.temp = join(folder, 'temp');
    this.backend = backend;
    this.#served = served;
  }

  static async make(given: Given): Promise<World> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'vector-')));
    const root = join(folder, 'root');
    const state = fillIn(given.backend, [['{root}', root]]) as NonNullable<
      Parameters<typeof FakeBackend.start>[0]
    >['state'];
    const backend = await FakeBackend.start({
      state: { ...state, ends_chunked_uploads_when_asked: isHungUp(given) },
      faults: faultsOf(given),
    });
    const world = new World(folder, backend, Object.keys(given.backend.served_files ?? {}));
    await mkdir(root);
    await writeTree(root, given.files, (text) => world.fillIn(text) as string);
    return world;
  }

  /** A value of the vector for this run: `{root}` and `{backend}` become this folder and this address. */
  fillIn(value: unknown): unknown {
    return fillIn(value, [
      ['{root}', this.root],
      ['{backend}', this.backend.url],
    ]);
  }

  /** The other way round: what came out of this run, as a vector writes it. */
  takeOut(value: unknown): unknown {
    const downloads = this.#served.map((name) => [md5(`${this.backend.url}/_files/${name}`), `{md5:${name}}`] as const);
    return fillIn(value, [
      [this.backend.url, '{backend}'],
      ...downloads, // a downloaded file is named after its address
      [this.root, '{root}'],
      [this.temp, '{temp}'],
      [this.folder, '{folder}'],
    ]);
  }

  /** What the run left on the backend; the keys of stored objects sorted, as they arrive in any order. */
  left(): unknown {
    const { objects, ...others } = this.backend.left();
    return { ...others, ...(Array.isArray(objects) && { objects: objects.toSorted() }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.backend[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

type Faults = NonNullable<NonNullable<Parameters<typeof FakeBackend.start>[0]>['faults']>;

function faultsOf({ faults }: Given): Faults {
  return faults.map((fault) => Object.fromEntries(Object.entries(fault)) as unknown as Faults[number]);
}

/**
 * The recorder's backend says of every upload in chunks that it has ended. The SDK asks only after a hang-up, and so only
 * there the recording shows it; ours asks after a 502 as well, and is not to be told what nobody recorded.
 */
function isHungUp({ faults }: Given): boolean {
  return faults.some(({ status, path }) => status === 0 && path?.startsWith('/chunked_upload/'));
}

function fillIn(value: unknown, names: readonly (readonly [string, string])[]): unknown {
  return withTexts(value, (given) => names.reduce((text, [name, meant]) => text.replaceAll(name, meant), given));
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
