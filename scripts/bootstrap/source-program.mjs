/**
 * What Node is to be given to run a TypeScript program of the repository over the sources of the packages, built or not.
 *
 * @param {string} program Relative to the root. @param {string[]} args @returns {string[]}
 */
export function sourceProgram(program, ...args) {
  return ['--conditions=@synapse-steps/source', '--import', 'tsx', program, ...args];
}
