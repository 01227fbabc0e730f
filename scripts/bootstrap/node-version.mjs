// Says what is wrong when Node is too old, instead of a syntax error later. Imported for its effect, first of all.
import { readFileSync } from 'node:fs';

/**
 * Undefined when `actual` satisfies `range`, else what to tell the user.
 *
 * @param {string} actual Of the form `20.19.1`.
 * @param {string} range Of the form `>=20.19`, the only one in use here.
 */
export function nodeVersionProblem(actual, range) {
  const [major = 0, minor = 0] = actual.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = range.replace('>=', '').split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `synapse-steps needs Node ${range}, and this is Node ${actual}. Install a newer Node, then run the command again.`;
}

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const problem = nodeVersionProblem(process.versions.node, engines.node);
if (problem) {
  console.error(problem);
  process.exit(2);
}
