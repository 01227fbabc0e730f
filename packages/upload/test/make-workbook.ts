import { makeZip, type ZipPart } from '../../../test-fixtures/zip/make-zip.js';

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook with one sheet, whose XML is given. */
export function workbookParts(sheetXml: string): ZipPart[] {
  return [
    { name: '_rels/.rels', content: relations(`${OFFICE}/officeDocument`, 'xl/workbook.xml') },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns:r="${OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', content: relations(`${OFFICE}/worksheet`, 'worksheets/sheet1.xml') },
    { name: 'xl/worksheets/sheet1.xml', content: sheetXml },
  ];
}

/** A workbook of texts, as inline strings. */
export function makeWorkbook(rows: readonly (readonly string[])[]): Buffer {
  const cells = (row: readonly string[]): string =>
    row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
  return makeZip(workbookParts(sheetOf(rows.map((row) => `<row>${cells(row)}</row>`).join(''))));
}

export function sheetOf(rows: string): string {
  return `<?xml version="1.0"?><worksheet><sheetData>${rows}</sheetData></worksheet>`;
}

function relations(type: string, target: string): string {
  return `<Relationships><Relationship Id="rId1" Type="${type}" Target="${target}"/></Relationships>`;
}
