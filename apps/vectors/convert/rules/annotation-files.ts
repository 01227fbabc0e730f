import type { Rewritten } from '../../actions/rules/action-rule.js';
import { contentOf } from '../../actions/world/file-tree.js';
import type { DatasetVector } from '../cases/convert-vector.js';
import { entriesOfV1, type DocumentV1 } from '../content/read-dm.js';

// Documents of events whose annotations come in a file of their own.

type Given = DatasetVector['given'];

interface EventFile {
  readonly url: string;
  readonly is_primary?: boolean;
}

interface Event {
  readonly data?: DocumentV1;
  readonly files?: Readonly<Record<string, EventFile>>;
}

/** The files as they are read back, with documents that have all places. */
export function withDocuments(expect: Rewritten, given: Given): Rewritten {
  const files = expect['files'] as Readonly<Record<string, object>> | undefined;
  if (files === undefined || typeof files !== 'object') return expect;
  const changed = ((given.backend.ground_truth_events ?? []) as Event[]).flatMap((event) => documentOf(event, given));
  const known = changed.flatMap(([picture, document]) =>
    Object.keys(files).flatMap((name) =>
      name.endsWith(`json/{md5:${picture}}.json`) ? [[name, { text: document }] as const] : [],
    ),
  );
  return known.length === 0 ? expect : { ...expect, files: { ...files, ...Object.fromEntries(known) } };
}

function documentOf({ files = {}, data }: Event, given: Given): [picture: string, document: string][] {
  const [, annotations] = Object.entries(files).find(([key]) => key.startsWith('data_meta')) ?? [];
  const picture = Object.values(files).find(({ is_primary: isPrimary }) => isPrimary === true);
  const content = given.backend.served_files?.[nameOf(annotations)];
  if (picture === undefined) return [];
  const file = content === undefined ? (data ?? {}) : (JSON.parse(contentOf(content).toString()) as DocumentV1);
  return file.annotations === undefined ? [] : [[nameOf(picture), JSON.stringify(toDm(file))]];
}

function nameOf(file: EventFile | undefined): string {
  return (file?.url ?? '').replace('{backend}/_files/', '');
}

const TOOLS: Readonly<Record<string, string>> = {
  bounding_box: 'bounding_box',
  bbox: 'bounding_box',
  polygon: 'polygon',
  polyline: 'polyline',
  keypoint: 'keypoint',
  point: 'keypoint',
  classification: 'classification',
};

interface DmEntry {
  readonly tool: string;
  readonly id: string | undefined;
  readonly classification: string;
  readonly data: unknown;
}

function toDm(file: DocumentV1): object {
  const entries = entriesOfV1(file).flatMap(dmEntry);
  const tools = [...new Set(entries.map(({ tool }) => tool))];
  const image = tools.map((tool) => [tool, entries.filter((entry) => entry.tool === tool).map(withoutTool)] as const);
  const classification = tools.map((tool) => [tool, namesOf(entries.filter((entry) => entry.tool === tool))] as const);
  return { classification: Object.fromEntries(classification), images: [Object.fromEntries(image)] };
}

function dmEntry({ id, tool: told, classification, data: given }: ReturnType<typeof entriesOfV1>[number]): DmEntry[] {
  const tool = TOOLS[told];
  const data = tool === undefined ? undefined : placeOf(tool, given);
  return tool === undefined || data === undefined ? [] : [{ tool, id, classification, data }];
}

function withoutTool({ tool: _, data, ...entry }: DmEntry): object {
  return data === null ? entry : { ...entry, data };
}

function namesOf(entries: readonly DmEntry[]): string[] {
  return [...new Set(entries.map(({ classification }) => classification))];
}

/** DM v2's own form of a place; undefined where there is none that could be used. */
function placeOf(tool: string, given: unknown): unknown {
  const { x, y, width, height, points } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (tool === 'classification') return null;
  if (tool === 'bounding_box') return Array.isArray(given) ? given.slice(0, 4) : [x, y, width, height];
  if (tool === 'keypoint') return Array.isArray(given) ? given.slice(0, 2) : x === undefined ? undefined : [x, y];
  const list = (points ?? given) as readonly unknown[] | undefined;
  const fewest = tool === 'polygon' ? 3 : 2;
  return Array.isArray(list) && list.length >= fewest ? list : undefined;
}
