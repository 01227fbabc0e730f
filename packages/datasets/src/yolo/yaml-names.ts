/** Class names as a YAML list in one line, written as the trainers' own files do: `['cat', "dog's"]`. */
export function yamlNames(names: readonly string[]): string {
  return `[${names.map(quoted).join(', ')}]`;
}

function quoted(name: string): string {
  if (!/[\p{Cc}\u0085\u2028\u2029\uFEFF]/u.test(name)) {
    if (!name.includes("'")) return `'${name}'`;
    if (!/["\\]/u.test(name)) return `"${name}"`;
    return `'${name.replaceAll("'", "''")}'`;
  }
  return JSON.stringify(name); // JSON's escapes are YAML's, too
}
