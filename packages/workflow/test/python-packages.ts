import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs';
import { access, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/**
 * The whole build of a package with one module, so that pip needs neither a network nor setuptools. Where LC_TEST_PLACE
 * names a folder, the build tells there that it has begun, what it can see, and waits until it may go on.
 */
const BUILD = `
import json, os, pathlib, sys, time, zipfile

NAME, VERSION = "NAME_HERE", "VERSION_HERE"


def build_wheel(folder, config_settings=None, metadata_directory=None):
    place = os.environ.get("LC_TEST_PLACE")
    if place:
        pathlib.Path(place, "environment.json").write_text(json.dumps(dict(os.environ)))
        pathlib.Path(place, "started").touch()
        while not os.path.exists(os.path.join(place, "go")):
            time.sleep(0.02)
    info = f"{NAME}-{VERSION}.dist-info"
    wheel = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, wheel), "w") as archive:
        archive.writestr(f"{NAME}.py", f"version = {VERSION!r}\\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {NAME}\\nVersion: {VERSION}\\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def build_editable(folder, config_settings=None, metadata_directory=None):
    wheel = build_wheel(folder)
    with zipfile.ZipFile(os.path.join(folder, wheel)) as archive:
        texts = {name: archive.read(name) for name in archive.namelist() if name != f"{NAME}.py"}
    with zipfile.ZipFile(os.path.join(folder, wheel), "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
        archive.writestr(f"{NAME}.pth", os.path.join(os.getcwd(), "src") + "\\n")
    return wheel


if __name__ == "__main__":
    build_wheel(sys.argv[1])
`;

const PROJECT = '[build-system]\nrequires = []\nbuild-backend = "build_it"\nbackend-path = ["."]\n';

/** A folder of a test for a project, its packages and its environments, with nothing of this machine's settings. */
export class PythonProject {
  readonly folder: string;
  /** Where wheels lie that requirements may name. */
  readonly wheels: string;
  readonly cacheFolder: string;
  /** Where a build that waits tells of itself. */
  readonly place: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.wheels = join(folder, 'wheels');
    this.cacheFolder = join(folder, 'cache');
    this.place = join(folder, 'place');
  }

  static async open(): Promise<PythonProject> {
    const project = new PythonProject(await realpath(await mkdtemp(join(tmpdir(), 'python-project-'))));
    onTestFinished(async () => await rm(project.folder, { recursive: true, force: true, maxRetries: 5 }));
    await mkdir(project.wheels);
    await mkdir(project.place);
    for (const [name, value] of Object.entries(project.environment)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    return project;
  }

  /** What installers are told, so that they ask nobody. */
  get environment(): Record<string, string> {
    return {
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: this.wheels,
      UV_NO_INDEX: '1',
      UV_FIND_LINKS: this.wheels,
      UV_OFFLINE: '1',
    };
  }

  async write(name: string, text: string): Promise<string> {
    const file = join(this.folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  /** A package as a source folder, to be named as `./NAME` in requirements. */
  async addSource(name: string, version = '1.0', place = name): Promise<string> {
    const folder = join(this.folder, place);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'pyproject.toml'), PROJECT);
    await writeFile(join(folder, 'build_it.py'), BUILD.replace('NAME_HERE', name).replace('VERSION_HERE', version));
    return folder;
  }

  /** A package as a wheel, to be named as `NAME` in requirements. */
  async addWheel(name: string, version = '1.0'): Promise<void> {
    const source = await this.addSource(name, version);
    execFileSync('python3', [join(source, 'build_it.py'), this.wheels], { env: { PATH: process.env['PATH'] } });
    await rm(source, { recursive: true });
  }

  /** Builds wait from now on, until they may go on. */
  makeBuildsWait(): void {
    vi.stubEnv('LC_TEST_PLACE', this.place);
  }

  async letBuildsGoOn(): Promise<void> {
    await writeFile(join(this.place, 'go'), '');
  }

  async buildHasStarted(): Promise<void> {
    await appears(this.place, 'started');
    await rm(join(this.place, 'started'));
  }
}

/** Resolves once a folder has a file of that name. */
async function appears(folder: string, name: string): Promise<void> {
  const stop = new AbortController();
  await new Promise<void>((resolve) => {
    const look = (): void => void access(join(folder, name)).then(resolve, () => undefined);
    watch(folder, { signal: stop.signal }, look);
    look();
  });
  stop.abort();
}
