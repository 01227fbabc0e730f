const MOST_CHARACTERS = 1000;

/** A text on one line, cut in its middle where it is long: a server's last words often name the field at fault. */
export function shortText(text: string): string {
  const line = text.trim().replaceAll('\n', ' ');
  if (line.length <= MOST_CHARACTERS) return line;
  const head = Math.floor((MOST_CHARACTERS - 1) / 2);
  return `${line.slice(0, head)}…${line.slice(head - MOST_CHARACTERS + 1)}`;
}
