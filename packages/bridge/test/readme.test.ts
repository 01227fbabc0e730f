import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BaseStep,
  BaseStepContext,
  defineStep,
  type JsonObject,
  Orchestrator,
  StepFailedError,
  StepRegistry,
  StepResult,
} from '@synapse-steps/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectPlugin, DEFAULT_SESSION_LIMITS } from '../src/index.js';

const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('README.md', () => {
  it('shows a rollback that may be called before anything was saved, and twice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'train.py'), shownFile('train.py'));
    await writeFile(join(folder, 'model.txt'), 'a model');
    await using session = await connectPlugin({ python: 'train.py' }, { cwd: folder });
    expect(await undoWith(session.step('train'), [{}, { path: 'model.txt' }, { path: 'model.txt' }])).toMatchObject({
      status: 'rolled-back',
    });
    expect(() => readFileSync(join(folder, 'model.txt'))).toThrow('ENOENT');
  });

  it('shows the plugin in bash that the conformance kit is tried on', () => {
    const fixture = new URL('../../../test-fixtures/plugins/bash/plugin.sh', import.meta.url);
    expect(shownFile('double.sh')).toBe(readFileSync(fixture, 'utf8'));
  });

  it('explains every limit that can be set', () => {
    const source = readFileSync(new URL('../src/session/session-limits.ts', import.meta.url), 'utf8');
    const names = [...source.matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('says of each limit what it usually is', () => {
    const rows = [...text.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \|/gm)];
    const said = rows.flatMap(([, names = '', values = '']) => {
      const usual = values.trim().split(', ');
      return names.split(', ').map((name, at) => [name.slice(1, -1), inUnits(usual[at] ?? '')] as const);
    });
    const limits = said.filter(([name]) => name in DEFAULT_SESSION_LIMITS);
    expect(Object.fromEntries(limits)).toEqual(DEFAULT_SESSION_LIMITS);
  });
});

/** `10 000` and `8 MiB` as numbers. */
function inUnits(text: string): number {
  const [, digits = '', unit = ''] = /^([\d ]+?)(?: (KiB|MiB))?$/.exec(text) ?? [];
  return Number(digits.replaceAll(' ', '') || Number.NaN) * (unit === 'MiB' ? 1024 ** 2 : unit === 'KiB' ? 1024 : 1);
}

/** Undoes a step once for each undo data, within a run that is rolled back. */
async function undoWith(step: BaseStep, saved: readonly JsonObject[]) {
  const registry = new StepRegistry();
  registry.register(
    defineStep({
      name: 'killed',
      progressWeight: 1,
      execute: () => StepResult.fail('killed'),
      async rollback(context) {
        for (const rollbackData of saved) await step.rollback(context, StepResult.fail('killed', { rollbackData }));
      },
    }),
  );
  const failure: unknown = await new Orchestrator(registry, new BaseStepContext()).execute().catch((e: unknown) => e);
  return StepFailedError.is(failure) ? failure.report : failure;
}

function shownFile(name: string): string {
  const block = new RegExp(`<!-- file: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(text);
  return block?.[1] ?? `README.md shows no ${name}`;
}
