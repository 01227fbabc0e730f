// The house in one table: every package, from the bottom up. A package may use those of lower layers only.

/** Packages by layer, lowest first; the ones of a layer do not know each other. Apps stand above all. */
export const layers: readonly (readonly string[])[] = [
  ['core'],
  ['backend', 'bridge'],
  ['backend-local'], // takes the schemas of requests from backend/api, so that client and server cannot drift apart
  ['datasets'],
  ['conformance', 'train', 'upload', 'workflow'],
  ['cli'],
];

/** What users may import: each package's subpaths. A command has none. */
export const subpaths: Readonly<Record<string, readonly string[]>> = {
  core: ['.', './testing'],
  backend: ['.', './api'],
  'backend-local': ['.'],
  datasets: ['.'],
  bridge: ['.', './framing', './process', './protocol', './serve', './transcript'],
  conformance: ['.'],
  train: ['.'],
  upload: ['.'],
  workflow: ['.'],
  cli: [],
};

/** Other packages that only certain folders may import, and why. */
export const confined: readonly {
  readonly module: string;
  readonly folders: readonly string[];
  readonly why: string;
}[] = [
  { module: 'execa', folders: ['packages/bridge/src/process/'], why: 'one place starts and ends processes' },
  {
    module: 'node:child_process',
    folders: ['packages/bridge/src/process/'],
    why: 'one place starts and ends processes',
  },
];
