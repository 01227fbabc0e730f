import { cp, rm } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base.js';

// The Python runtime ships inside this package, so that a plugin in Python needs no `pip install`.
async function copyPythonRuntime(): Promise<void> {
  await rm('dist/python', { recursive: true, force: true });
  await cp('../python/src', 'dist/python', {
    recursive: true,
    filter: (path) => !path.includes('__pycache__') && !path.endsWith('.egg-info'),
  });
}

export default defineConfig(packageBuild({ onSuccess: copyPythonRuntime }));
