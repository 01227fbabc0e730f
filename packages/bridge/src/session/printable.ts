import { stripVTControlCharacters } from 'node:util';

/** Text without control sequences, so that a plugin cannot paint over the terminal of whoever reads its lines. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\t\n])\p{Cc}/gu, '');
}
