import { withoutPasswords } from './without-passwords.js';

/** What people want to hear of an installer's line; undefined for the rest. */
export function progressLine(line: string): string | undefined {
  const text = withoutPasswords(line.replaceAll(ESCAPES, '').trim());
  if (!TOLD.test(text)) return undefined;
  return text.replace(/ \(from .*$/, '').slice(0, LONGEST);
}

// eslint-disable-next-line no-control-regex -- colours are what is looked for
const ESCAPES = /\u001b\[[0-9;]*[A-Za-z]/g;

/** As pip and uv begin them. */
const TOLD =
  /^(?:Collecting|Downloading|Downloaded|Processing|Obtaining|Building|Built|Installing collected|Resolved|Prepared|Installed) /;

const LONGEST = 160;
