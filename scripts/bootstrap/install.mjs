// Installs from the committed lock file, and only when the lock file or a manifest is not what was installed last.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm } from './pnpm.mjs';
import { root, workspacePackages } from './repository.mjs';

const stamp = join(root, 'node_modules', '.synapse-steps-installed');

export async function installDependencies() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing dependencies from pnpm-lock.yaml …');
  const code = await pnpm([
    'install',
    '--frozen-lockfile',
    '--reporter=silent',
    '--config.confirm-modules-purge=false',
  ]);
  if (code !== 0) {
    throw new Error(
      `Installing the dependencies failed (exit code ${code}). See what pnpm says with "npx pnpm install --frozen-lockfile"; ` +
        'if a package.json was edited, run "npx pnpm install" and commit pnpm-lock.yaml.',
    );
  }
  writeFileSync(stamp, wanted);
}

function fingerprint() {
  const hash = createHash('sha256');
  const manifests = workspacePackages().map(({ path }) => join(path, 'package.json'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}
