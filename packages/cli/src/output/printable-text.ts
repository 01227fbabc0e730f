import { stripVTControlCharacters } from 'node:util';

/**
 * Text from a plugin or a step, made safe for a terminal: no control sequences, no other control characters, none of the
 * marks that turn the direction of writing. Line feeds stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\t', '    ').replaceAll(CONTROL_CHARACTERS, '');
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** The lines of such a text. Of a line that was written over by carriage returns, as progress bars do, the last state. */
export function printableLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => printable(lastState(line)))
    .filter((line, index, lines) => line !== '' || index < lines.length - 1);
}

function lastState(line: string): string {
  return line.split('\r').findLast((state) => state !== '') ?? '';
}

/** Cut to `width` columns, with an ellipsis where something is missing. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
