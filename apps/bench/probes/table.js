// Times how a table of 17 MB gets into a plugin: through a file by hand, as bytes, as rows, or as rows on one JSON line.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseStepContext, ConfiguredStep, Orchestrator, StepRegistry } from '@synapse-steps/core';
import { connectPlugin } from '@synapse-steps/bridge';
import { ownSession, pluginFile, warmLimits } from '../adapters/adapter.js';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [kind = '', python = 'python3'] = process.argv.slice(2);
const rows = Array.from({ length: 300_000 }, (_, index) => ({ id: index, name: `sample ${index}`, value: index / 7 }));
const text = JSON.stringify(rows);
const bytes = Buffer.from(text);

const kinds = { file: byFile, bytes: () => byBridge(bytes), rows: () => byBridge(rows), line: byLine };
const { version, take, close } = await kinds[/** @type {keyof typeof kinds} */ (kind)]();

await serveProbe(version, async () => {
  const start = performance.now();
  const size = await take();
  const value = performance.now() - start;
  const expected = kind === 'file' || kind === 'bytes' ? bytes.length : rows.length;
  if (size !== expected) throw new Error(`Sent ${expected}, the plugin has ${size}.`);
  return { value };
});
await close();

/** The floor: write, hash, read, hash again. */
async function byFile() {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-steps-table-'));
  const { ask, end } = startLoop();
  return {
    version: process.versions.node,
    take: async () => {
      const path = join(folder, 'table');
      createHash('sha256').update(bytes).digest('hex');
      writeFileSync(path, bytes);
      return await ask({ table: path });
    },
    close: async () => {
      await end();
      rmSync(folder, { recursive: true });
    },
  };
}

async function byLine() {
  const { ask, end } = startLoop();
  return { version: process.versions.node, take: () => ask({ table: rows }), close: end };
}

function startLoop() {
  const child = spawn(python, [pluginFile('table_lines.py')], { stdio: ['pipe', 'pipe', 'inherit'], ...ownSession });
  return {
    ask: async (/** @type {object} */ message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      const [answer] = /** @type {[Buffer]} */ (await once(child.stdout, 'data'));
      return /** @type {{ size: number }} */ (JSON.parse(answer.toString())).size;
    },
    end: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

/** @param {Buffer | object[]} table */
async function byBridge(table) {
  const session = await connectPlugin(
    { python: pluginFile('table_steps.py'), interpreter: python },
    { limits: warmLimits },
  );
  return {
    version: versionOf('@synapse-steps/bridge'),
    take: async () => {
      const registry = new StepRegistry();
      registry.register(new ConfiguredStep(session.step('take'), { params: { table: /** @type {never} */ (table) } }));
      const report = await new Orchestrator(registry, new BaseStepContext()).execute();
      const data = /** @type {{ size: number }} */ (report.steps[0]?.data);
      return data.size;
    },
    close: () => session.close(),
  };
}
