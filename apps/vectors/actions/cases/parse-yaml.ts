import { parse } from 'yaml';

/** A YAML file of a vector: a placeholder such as `{root}` would be a mapping there, and is written `<root>`. */
export function parseYaml(text: string): unknown {
  return parse(text.replaceAll(/\{(\w+)\}/g, '<$1>'));
}
