import { posix } from 'node:path';

import { attributeOf, parseXml, type XmlAttributes } from './parse-xml.js';
import { notAWorkbook, type ZipParts } from './zip-parts.js';

/** Where in the zip the things are that a sheet needs. */
export interface WorkbookParts {
  /** The sheet that was in front when the workbook was saved. */
  readonly sheet: string;
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
  /** Days are counted from 1904, as old Macs did. */
  readonly epoch1904: boolean;
}

/** Finds the active sheet of a workbook and what belongs to it. */
export async function readWorkbook(parts: ZipParts, signal?: AbortSignal): Promise<WorkbookParts> {
  const root = await relationsOf(parts, '', signal);
  const workbook = root.find(({ type }) => type.endsWith('/officeDocument'))?.target;
  if (workbook === undefined) throw notAWorkbook('it names no workbook');
  const { sheets, active, epoch1904 } = await sheetsOf(parts, workbook, signal);
  const relations = await relationsOf(parts, workbook, signal);
  const sheetId = sheets[active] ?? sheets[0];
  const sheet = relations.find(({ id }) => id === sheetId);
  if (sheetId === undefined || sheet === undefined) throw notAWorkbook('it has no sheet');
  if (!sheet.type.endsWith('/worksheet')) throw notAWorkbook('its active sheet is no table');
  const targetOf = (type: string): string | undefined =>
    relations.find((relation) => relation.type.endsWith(`/${type}`) && parts.has(relation.target))?.target;
  return { sheet: sheet.target, sharedStrings: targetOf('sharedStrings'), styles: targetOf('styles'), epoch1904 };
}

interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

async function relationsOf(parts: ZipParts, owner: string, signal?: AbortSignal): Promise<readonly Relation[]> {
  const folder = posix.dirname(owner);
  const relations: Relation[] = [];
  const open = (name: string, attributes: XmlAttributes): void => {
    if (name !== 'Relationship' || attributes['TargetMode'] === 'External') return;
    const { Id: id = '', Type: type = '', Target: target = '' } = attributes;
    relations.push({ id, type, target: posix.resolve('/', folder, target) });
  };
  const name = posix.join(folder, '_rels', `${posix.basename(owner)}.rels`);
  await parseXml(await parts.read(name), { open }, signal);
  return relations;
}

interface Sheets {
  /** Relation ids, in the order of the tabs. */
  readonly sheets: readonly string[];
  readonly active: number;
  readonly epoch1904: boolean;
}

async function sheetsOf(parts: ZipParts, workbook: string, signal?: AbortSignal): Promise<Sheets> {
  const sheets: string[] = [];
  let active = 0;
  let epoch1904 = false;
  const open = (name: string, attributes: XmlAttributes): void => {
    if (name === 'sheet') sheets.push(attributeOf(attributes, 'id') ?? '');
    if (name === 'workbookView') active = Number(attributes['activeTab'] ?? 0);
    if (name === 'workbookPr') epoch1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
  };
  await parseXml(await parts.read(workbook), { open }, signal);
  return { sheets, active, epoch1904 };
}
