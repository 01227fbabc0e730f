// What a mutation check says: the score of each file, and each mutant that no test noticed.

/** @typedef {import('./stryker.mjs').MutantResult} MutantResult */

const noticed = new Set(['Killed', 'Timeout']);
const unnoticed = new Set(['Survived', 'NoCoverage']);

/** @param {readonly MutantResult[]} mutants @param {(file: string) => string} read The text of a file. */
export function mutationReport(mutants, read) {
  const judged = mutants.filter(({ status }) => noticed.has(status) || unnoticed.has(status));
  const files = [...new Set(judged.map(({ fileName }) => fileName))].sort();
  const survivors = judged.filter(({ status }) => unnoticed.has(status)).sort(byPlace);
  const scores = files.map((file) => `${scoreOf(judged.filter(({ fileName }) => fileName === file))}  ${file}`);
  return [
    ...survivors.map((mutant) => describeMutant(mutant, read(mutant.fileName))),
    '  score  noticed',
    ...scores,
    `${scoreOf(judged)}  all ${files.length} files; ${survivors.length} mutants survived`,
  ].join('\n');
}

/** @param {readonly MutantResult[]} mutants */
function scoreOf(mutants) {
  const count = mutants.filter(({ status }) => noticed.has(status)).length;
  const percent = mutants.length === 0 ? 100 : (100 * count) / mutants.length;
  return `${percent.toFixed(1).padStart(5)} %  ${String(count).padStart(3)}/${String(mutants.length).padEnd(4)}`;
}

/** @param {MutantResult} mutant @param {string} text */
function describeMutant({ fileName, status, mutatorName, replacement, location: { start, end } }, text) {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = (lines.pop() ?? '').slice(0, end.column - 1);
  const original = [...lines, last].join('\n').slice(start.column - 1);
  const how = status === 'NoCoverage' ? ', which no test reaches' : '';
  return `${fileName}:${start.line}:${start.column} ${mutatorName}${how}\n${marked('-', original)}\n${marked('+', replacement)}\n`;
}

/** @param {string} mark @param {string} text */
function marked(mark, text) {
  return text
    .split('\n')
    .map((line) => `  ${mark} ${line.trim()}`)
    .join('\n');
}

/** @param {MutantResult} a @param {MutantResult} b */
function byPlace(a, b) {
  const lines = a.location.start.line - b.location.start.line;
  return a.fileName.localeCompare(b.fileName) || lines || a.location.start.column - b.location.start.column;
}
