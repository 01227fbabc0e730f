import { isNothing } from './compare-values.js';
import { parseYaml } from './parse-yaml.js';
import { parseXml, type XmlElement } from './xml.js';

/** Files by name: of a vector, or read back. */
export type FileMap = Readonly<
  Record<string, { readonly text?: string | undefined; readonly base64?: string | undefined }>
>;

/**
 * What a file says, so that spaces, the order of keys and the way in which numbers are written do not count: JSON, YAML and
 * XML as values, texts by their lines. What cannot be understood stays as it is.
 */
export function fileValue(name: string, file: FileMap[string]): unknown {
  if (file.text === undefined) return file;
  try {
    return valueOf(name, file.text);
  } catch (error) {
    return { text: file.text, broken: String(error) };
  }
}

function valueOf(name: string, text: string): unknown {
  if (name.endsWith('.json')) return withoutNothing(JSON.parse(text));
  if (name.endsWith('.yaml')) return parseYaml(text);
  if (name.endsWith('.xml')) return asTree(parseXml(text));
  return name.endsWith('.txt') ? linesOf(text) : text;
}

function linesOf(text: string): string[] {
  return text.trimEnd() === '' ? [] : text.trimEnd().split('\n');
}

function asTree(element: XmlElement | undefined): unknown {
  if (element === undefined) return undefined;
  const { name, text, children } = element;
  return { name, ...(children.length > 0 ? { children: children.map(asTree) } : { text: text.trim() }) };
}

/** A key with null, with no entries or with no fields says as much as no key. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).map(([key, item]) => [key, withoutNothing(item)] as const);
  return Object.fromEntries(kept.filter(([, item]) => !isNothing(item)));
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
