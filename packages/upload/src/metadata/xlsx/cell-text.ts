import { unescapeText } from './rich-text.js';

/** What the value of a cell needs to become a text. */
export interface CellContext {
  readonly sharedStrings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly epoch1904: boolean;
}

export interface Cell {
  /** The attribute `t`: s, str, b, e, d, n or nothing. */
  readonly type: string | undefined;
  /** The attribute `s`: the number of the cell's style. */
  readonly style: string | undefined;
  /** As it stands in the sheet. */
  readonly raw: string;
}

/** A cell's value as the text that Python's `str` makes of it, which is what the backend has always been sent. */
export function cellText(cell: Cell, context: CellContext): string {
  switch (cell.type) {
    case 's':
      return context.sharedStrings[Number(cell.raw)] ?? '';
    case 'str':
      return unescapeText(cell.raw);
    case 'b':
      return cell.raw === '1' ? 'True' : 'False';
    case 'd':
      return cell.raw.replace('T', ' ').replace(/Z$/u, '');
    case 'e':
      return cell.raw;
    default:
      return numberText(cell, context);
  }
}

function numberText(cell: Cell, context: CellContext): string {
  const value = Number(cell.raw);
  if (cell.raw.trim() === '' || !Number.isFinite(value)) return cell.raw;
  if (context.dateStyles[Number(cell.style ?? -1)] === true) return dateText(value, context.epoch1904) ?? cell.raw;
  return /^-?\d+$/u.test(cell.raw) ? String(BigInt(cell.raw)) : floatText(value);
}

/** As Python writes a float: with a point always, and with an exponent below 0.0001 and from 1e16 on. */
export function floatText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/u, 'e$10$2');
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

const DAY = 86_400_000;
/** Serial numbers beyond are after the year 9999, which is no date. */
const LAST_DAY = 2_958_465;

/** Days since the workbook's epoch, as `2024-05-01 00:00:00`; a part of a day alone, as `12:30:00`. */
export function dateText(days: number, epoch1904: boolean): string | undefined {
  if (days < 0 || days > LAST_DAY) return undefined;
  // 1900 is taken for a leap year there; days before the 29th of February that never was are one off.
  const shift = !epoch1904 && days >= 1 && days < 60 ? 1 : 0;
  const epoch = epoch1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const iso = new Date(epoch + Math.round((days + shift) * DAY)).toISOString();
  const milliseconds = iso.slice(20, 23);
  const time = iso.slice(11, 19) + (milliseconds === '000' ? '' : `.${milliseconds}000`);
  return days < 1 && days >= 0 ? time : `${iso.slice(0, 10)} ${time}`;
}
