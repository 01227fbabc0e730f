// P12: what an installation weighs, and how long its import takes.
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tarballs } from '../../../scripts/verification/tarballs.mjs';
import { readManifest } from '../../../scripts/bootstrap/repository.mjs';
import { npmPeer } from '../peers/npm-peer.js';
import { findOptional } from '../peers/optional-candidates.js';
import { PackedProject } from '../peers/packed-project.js';
import {
  medianOf,
  quotient,
  rowsOf,
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
  type Row,
} from '../runner/benchmark.js';
import { folderSize } from '../runner/folder-size.js';
import { commandStart } from '../runner/command-start.js';
import { Probe, probeFile } from '../runner/probe.js';
import { takeRounds, type Candidate } from '../runner/rounds.js';

export const installAndImport: Benchmark = {
  id: 'P12',
  title: 'installed size and import time',
  run: runInstallAndImport,
};

const core = '@synapse-steps/core';
const bridge = '@synapse-steps/bridge';
const cli = '@synapse-steps/cli';
const listr2 = { name: 'listr2', version: '9.0.5' };

const names = {
  floor: 'import zod',
  core: `import ${core}`,
  coreOver: `import ${core}, zod already there`,
  bridge: `import ${bridge}`,
  cli: 'synapse-steps --version, over a bare Node',
  listr2: 'import listr2',
  own: `${core}: our own files`,
};

/** What was found out about one installation. */
interface Installed {
  readonly sizes: readonly Row[];
  readonly candidates: readonly Candidate[];
}

async function runInstallAndImport({ quick, say }: BenchmarkOptions): Promise<BenchmarkResult> {
  const tarballs = new Tarballs();
  await using projects = new ProjectGroup(tarballs);
  try {
    say('packing and installing');
    const coreProject = await projects.install(core);
    const own = await installedCore(coreProject);
    const others = await findOptional(
      {
        [bridge]: async () => installedBridge(await projects.install(bridge)),
        [cli]: async () => installedCli(await projects.install(cli)),
        Listr2: () => installedListr2(say),
      },
      say,
    );
    const floor = importIn({ name: names.floor, project: coreProject.folder, modules: ['zod'], measured: 'zod' });
    say('importing, each time in a new process');
    const installed = [own, ...others.found];
    const result = await takeRounds(
      floor,
      installed.flatMap(({ candidates }) => candidates),
      { rounds: quick ? 7 : 31 },
    );
    const rows = [...rowsOf(result), ...installed.flatMap(({ sizes }) => sizes)];
    return toResult(rows, { kept: result.kept, rejected: result.rejected }, others.notes);
  } finally {
    tarballs.remove();
  }
}

function toResult(rows: readonly Row[], rounds: BenchmarkResult['rounds'], notes: readonly string[]): BenchmarkResult {
  const floor = medianOf(rows, names.floor);
  return {
    id: installAndImport.id,
    title: installAndImport.title,
    unit: 'ms',
    rows,
    floor,
    ratio: quotient(medianOf(rows, names.core), floor),
    target: `${core}: ≤ 300 KB of our own, ≤ 15 ms over zod`,
    checks: [
      { name: `${names.own}`, value: medianOf(rows, names.own), limit: 300, unit: 'KB' },
      { name: names.coreOver, value: medianOf(rows, names.coreOver), limit: 15, unit: 'ms' },
    ],
    rounds,
    notes,
  };
}

async function installedCore(project: PackedProject): Promise<Installed> {
  const place = { project: project.folder, measured: core };
  return {
    sizes: await sizesOf(core, project),
    candidates: [
      importIn({ ...place, name: names.core, modules: [core] }),
      importIn({ ...place, name: names.coreOver, modules: [core, 'zod'] }),
    ],
  };
}

async function installedBridge(project: PackedProject): Promise<Installed> {
  return {
    sizes: await sizesOf(bridge, project),
    candidates: [importIn({ name: names.bridge, project: project.folder, modules: [bridge], measured: bridge })],
  };
}

async function installedCli(project: PackedProject): Promise<Installed> {
  const folder = join(project.modules, cli);
  const { version, bin } = readManifest(folder);
  const program = join(folder, bin?.['synapse-steps'] ?? '');
  await commandStart([program, '--version']); // a command that does not start is no candidate
  const overBareNode = async (): Promise<number> =>
    (await commandStart([program, '--version'])) - (await commandStart(['--eval', '']));
  return { sizes: await sizesOf(cli, project), candidates: [{ name: names.cli, version, measure: overBareNode }] };
}

async function installedListr2(say: (what: string) => void): Promise<Installed> {
  const { version } = listr2;
  const folder = dirname(fileURLToPath(await npmPeer(listr2, say)));
  const bytes = await folderSize(join(folder, 'node_modules'));
  return {
    sizes: [sizeRow({ name: 'listr2: with all that it brings', version, bytes })],
    candidates: [importIn({ name: names.listr2, project: folder, modules: ['listr2'], measured: 'listr2' })],
  };
}

async function sizesOf(name: string, project: PackedProject): Promise<readonly Row[]> {
  const { version } = readManifest(join(project.modules, name));
  const own = await folderSize(join(project.modules, name));
  const all = await folderSize(project.modules);
  return [
    sizeRow({ name: `${name}: our own files`, version, bytes: own }),
    sizeRow({ name: `${name}: with all that it brings`, version, bytes: all }),
  ];
}

function sizeRow({ name, version, bytes }: { name: string; version: string; bytes: number }): Row {
  const size = bytes / 1000;
  return { name, version, median: size, min: size, max: size, unit: 'KB', floor: null };
}

interface Import {
  readonly name: string;
  /** The folder whose `node_modules` is meant. */
  readonly project: string;
  /** What is imported and timed, then what is imported before. */
  readonly modules: readonly string[];
  /** The package whose version is shown. */
  readonly measured: string;
}

function importIn({ name, project, modules, measured }: Import): Candidate {
  const measure = async (): Promise<number> => {
    for (const file of ['import-time.js', 'serve-probe.js']) await copyFile(probeFile(file), join(project, file));
    await using probe = await Probe.start({ command: [process.execPath, join(project, 'import-time.js'), ...modules] });
    return (await probe.measure({})).value;
  };
  return { name, version: readManifest(join(project, 'node_modules', measured)).version, measure };
}

/** The projects of one benchmark, removed together. */
class ProjectGroup implements AsyncDisposable {
  readonly #tarballs: Tarballs;
  readonly #projects: PackedProject[] = [];

  constructor(tarballs: Tarballs) {
    this.#tarballs = tarballs;
  }

  async install(name: string): Promise<PackedProject> {
    const project = await PackedProject.install(name, this.#tarballs);
    this.#projects.push(project);
    return project;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#projects.map((project) => project[Symbol.asyncDispose]()));
  }
}
