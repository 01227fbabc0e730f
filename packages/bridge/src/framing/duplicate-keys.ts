/** Whether an object in a valid JSON text names the same key twice. */
export function hasDuplicateKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = []; // a set of keys for each open object, undefined for each open array
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (match[1] !== undefined && !addKey(open.at(-1), match[1])) return true;
  }
  return false;
}

/** A string that a colon follows is a key; all other strings are skipped whole, so that their braces do not count. */
const TOKEN = /("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g;

function addKey(keys: Set<string> | undefined, quoted: string): boolean {
  if (keys === undefined) return true;
  const key = JSON.parse(quoted) as string;
  if (keys.has(key)) return false;
  keys.add(key);
  return true;
}
