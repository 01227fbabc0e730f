// Installs all packages at once by the line that `npm run pack` prints, and looks at what then lies in the project.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { publishablePackages } from '../bootstrap/repository.mjs';
import { deadLinks } from '../packing/dead-links.mjs';
import { inEmptyProject, npmFlags, succeed } from './empty-project.mjs';

/** @param {import('../verification/tarballs.mjs').Tarballs} tarballs */
export function installAll(tarballs) {
  return inEmptyProject(async (project) => {
    await succeed(project, 'sh', ['-c', `${await tarballs.installLine()} ${npmFlags.join(' ')}`]);
    const help = await succeed(project, 'npx', ['--no-install', 'synapse-steps', '--help']);
    assert.match(help, /synapse-steps run/);
    const names = publishablePackages().map(({ manifest }) => manifest.name);
    const dead = names.flatMap((name) =>
      deadLinks(join(project, 'node_modules', name)).map((link) => `${name}/${link}`),
    );
    assert(dead.length === 0, `These links of pages lead to nothing that is packed:\n${dead.join('\n')}`);
    return `${names.length} packages; all links of their pages lead somewhere`;
  });
}
