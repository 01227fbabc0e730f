import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { root } from '../bootstrap/repository.mjs';
import { MANDATORY_PYTHONS, pythonGates } from './python-gates.mjs';

const python = (version: string) => ({ command: `/opt/${version}/python`, version });

async function gatesWith(versions: readonly string[], tested?: string) {
  const found = versions.map(python);
  const look = () => Promise.resolve({ found, usual: python('3.9') });
  return await pythonGates(tested === undefined ? undefined : python(tested), look);
}

it('tries the package and plugins on each version, and not twice what was tried just now', async () => {
  const gates = await gatesWith([...MANDATORY_PYTHONS, '3.14'], '3.9');
  expect(gates.map(({ name }) => name)).toEqual([
    ...['3.10', '3.11', '3.12', '3.13', '3.14'].map((version) => `Python ${version} tests`),
    ...['3.10', '3.11', '3.12', '3.13', '3.14'].map((version) => `plugins on Python ${version}`),
  ]);
});

it('tells which version is missing, which on CI is red', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  const [missing] = await gatesWith(['3.9', '3.10', '3.11', '3.13']);
  vi.stubEnv('CI', undefined);
  const result = await missing?.run([]);
  expect(result).toMatchObject({ passed: 0, failed: 0, skipped: 1 });
  expect(result?.skippedTests?.[0]).toContain('CPython 3.12 was not found');
  vi.stubEnv('CI', 'true');
  await expect(missing?.run([])).rejects.toThrow('CPython 3.12 was not found');
});

it('has its versions from the manifest of the package, and CI installs them', () => {
  const manifest = readFileSync(join(root, 'packages/python/pyproject.toml'), 'utf8');
  const promised = [...manifest.matchAll(/Python :: (3\.\d+)"/g)].map(([, version]) => version);
  expect(promised).toEqual(MANDATORY_PYTHONS);
  const workflow = readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8');
  const installed = [...workflow.matchAll(/^ {12}(3\.\d+)$/gm)].map(([, version]) => version);
  expect(installed).toEqual(MANDATORY_PYTHONS);
});
