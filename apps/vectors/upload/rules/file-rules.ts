import { parse } from 'node:path/posix';
import type { UploadVector } from '../cases/upload-vector.js';
import { checksumAt, givenFiles, groupBy, type GivenFile } from './given-files.js';
import { isPlainUpload, uploadOf } from './presigned-upload.js';
import { requestsOf, specificationsOf, stepsOf, textOf, unitsOf, withoutTelling, type Unit } from './rewriting.js';
import type { Rewritten, UploadRule } from './upload-rule.js';

/** Which files an upload finds, and what it knows of them. */
export const fileRules: readonly UploadRule[] = [
  {
    id: 'stays-in-the-storage',
    defects: ['UA-09'],
    where: 'a path leads out of the folder of the storage',
    sdk: 'follows it, also by way of `..`',
    ours: 'refuses it before anything is looked at or sent',
    why: 'whoever may name a path must not read the whole machine by it',
    rewrite(expect, { given: { params } }) {
      const isSingle = params['use_single_path'] !== false;
      const assets = Object.values((params['assets'] ?? {}) as Record<string, { readonly path: string }>);
      const path = (isSingle ? [textOf(params['path'])] : assets.map((asset) => asset.path)).find(leadsOut);
      return path === undefined ? expect : refusedIn(isSingle ? 'initialize' : 'organize_files', path, expect);
    },
  },
  {
    id: 'flat-is-flat',
    defects: [],
    where: 'files are looked for by the flat strategy',
    sdk: 'looks into sub-folders all the same, because the step hands over the param is_recursive',
    ours: 'looks into the folder of each specification and no deeper',
    why: 'it is what the strategy is for; to follow the param there is the default one',
    rewrite(expect, vector) {
      const isFlat = vector.given.action.options?.['organize_files']?.['strategy'] === 'flat';
      if (!isFlat || !isPlainUpload(expect, vector)) return expect;
      const flat = new Set(givenFiles(vector).flatMap(({ path, folder }) => (folder === '' ? [path] : [])));
      const units = unitsOf(expect).filter(({ files }) => Object.values(files).every(({ path }) => flat.has(path)));
      if (units.length === unitsOf(expect).length) return expect;
      return uploadOf(expect, units, { vector, sendsEqualOnce: false });
    },
  },
  {
    id: 'folders-part-groups',
    defects: ['UA-03'],
    where: 'files of one specification have the same stem in different folders',
    sdk: 'makes one group of them, and loses all but the newest file without a word',
    ours: 'makes a group of each folder; its key is `folder/stem`',
    why: 'cameras number their pictures from 1 in each folder',
    rewrite(expect, vector) {
      if (!isPlainUpload(expect, vector)) return expect;
      const units = unitsOf(expect).flatMap((unit) => partedUnits(unit, vector));
      if (units.length === unitsOf(expect).length) return expect;
      const sorted = units.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      return uploadOf(expect, sorted, { vector, sendsEqualOnce: true });
    },
  },
  {
    id: 'matched-by-name',
    defects: ['UA-11'],
    where: 'a row of the metadata has a name that is only a part of the path of a file',
    sdk: 'takes it for every file whose absolute path has that text anywhere in it',
    ours: 'takes it for the file of that name or stem, and for what was made of it (`a_0001`)',
    why: 'a row named `images` would describe every picture',
    rewrite(expect, vector) {
      const rows = csvRows(vector);
      if (rows === undefined) return expect;
      const requests = requestsOf(expect).map((request) => {
        if (request.path !== '/data_units/' || !Array.isArray(request.json)) return request;
        const units = request.json as unknown as Unit[];
        return { ...request, json: units.map((unit) => withoutStrangeRow(unit, rows)) as never };
      });
      const isSame = JSON.stringify(requests) === JSON.stringify(requestsOf(expect));
      const changed = { ...expect, requests };
      return isSame || vector.detail !== 'full' ? changed : withoutTelling(changed);
    },
  },
];

/** The run fails in that step, and what came before it is as it was. */
function refusedIn(name: string, path: string, expect: Rewritten): Rewritten {
  const steps = stepsOf(expect);
  const place = steps.findIndex((step) => step.name === name);
  if (place < 0 || steps[place]?.outcome !== 'completed') return expect;
  const error = `The path '${path}' leads out of the storage's folder {any}`;
  const refused = steps.map((step, index) => {
    if (index < place) return step;
    return index === place ? { name, outcome: 'failed', error } : { name: step.name, outcome: 'not-run' };
  });
  const done = steps.slice(0, place + 1).filter(({ outcome }) => outcome !== 'skipped');
  const rolled_back = done.map((step) => step.name).toReversed();
  const isSending = ({ path: to }: { readonly path: string }): boolean =>
    /^\/(?:data_files|data_units|chunked|_storage)/.test(to);
  const isAfter = (index: number): boolean =>
    name === 'initialize' && index > requestsOf(expect).findIndex(({ path: to }) => to.endsWith('/session/'));
  const requests = requestsOf(expect).filter((request, index) => !isSending(request) && !isAfter(index));
  const { result: _, ...rest } = withoutTelling(expect);
  const raised = { type: 'RuntimeError', message: `Step '${name}' failed: ${error}` };
  return { ...rest, raised, steps: refused, requests, rolled_back, backend_after: {} };
}

function leadsOut(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    depth += part === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

function keyOf({ meta }: Unit): string {
  return String((meta as Record<string, unknown>)['data_unit_key']);
}

/** The unit, or one for each folder that has files of its stem, where one specification has several of them. */
function partedUnits(unit: Unit, vector: UploadVector): Unit[] {
  const own = givenFiles(vector).filter(({ stem }) => stem === keyOf(unit));
  const specs = new Set(own.map(({ spec }) => spec));
  const folders = groupBy(own, ({ folder }) => folder);
  const isAmbiguous = [...specs].some(
    (name) => new Set(own.filter(({ spec }) => spec === name).map(({ folder }) => folder)).size > 1,
  );
  if (!isAmbiguous) return [unit];
  const required = specificationsOf(vector).filter((spec) => spec.is_required === true);
  return [...folders].flatMap(([folder, files]) => {
    if (!required.every(({ name }) => files.some(({ spec }) => spec === name))) return [];
    const key = folder === '' ? keyOf(unit) : `${folder}/${keyOf(unit)}`;
    return [{ ...unit, files: filesOf(files, vector), meta: { ...(unit.meta as object), data_unit_key: key } }];
  });
}

function filesOf(files: readonly GivenFile[], vector: UploadVector): Unit['files'] {
  return Object.fromEntries(
    files.map(({ spec, path }) => [spec, { checksum: checksumAt(vector, path, 'sha1'), path }]),
  );
}

type Rows = readonly { readonly name: string; readonly fields: Readonly<Record<string, string>> }[];

/** The rows of the vector's metadata, from the CSV itself or from what is told of a spreadsheet's cells. */
function csvRows({ given }: UploadVector): Rows | undefined {
  const [, sheet] = Object.entries(given.files).find(([name]) => /\.(?:csv|xlsx?)$/.test(name)) ?? [];
  const told = sheet?.rows as readonly (readonly unknown[])[] | undefined;
  const cells =
    told ??
    sheet?.text
      ?.trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
  const [head, ...body] = cells ?? [];
  if (head === undefined) return undefined;
  return body.map(([name, ...values]) => ({
    name: String(name),
    fields: Object.fromEntries(values.map((value, index) => [String(head[index + 1]), String(value)])),
  }));
}

function withoutStrangeRow(unit: Unit, rows: Rows): Unit {
  const meta = unit.meta as Record<string, unknown>;
  const isSaidIn = ({ fields }: Rows[number]): boolean =>
    Object.entries(fields).every(([field, value]) => String(meta[field]) === value);
  const names = Object.values(unit.files).flatMap(({ path }) => [parse(path).base, parse(path).name]);
  const origin = names.map((name) => name.replace(/_\d+$/, ''));
  const isOwn = ({ name }: Rows[number]): boolean =>
    [...names, ...origin].some((own) => own === name || own === parse(name).name);
  const row = rows.find(isSaidIn);
  if (row === undefined || rows.some((one) => isOwn(one) && isSaidIn(one))) return unit;
  return { ...unit, meta: Object.fromEntries(Object.entries(meta).filter(([field]) => !(field in row.fields))) };
}
