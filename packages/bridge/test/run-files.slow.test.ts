import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BaseStep,
  defineStep,
  type JsonObject,
  Orchestrator,
  type OrchestratorOptions,
  type RunReport,
  StepFailedError,
  StepRegistry,
  StepResult,
} from '@synapse-steps/core';
import { MemoryJournal } from '@synapse-steps/core/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exchangePath } from '../src/exchange/host-exchange.js';
import { type RunFile, removeRunFiles, runFilePath, writeRunFile } from '../src/index.js';
import { openFixture } from './open-fixture.js';
import { OpenContext, runSteps } from './run-steps.js';

describe('a file that is handed over', () => {
  it('reaches later steps of the run as it is, in another plugin and in the host, and is gone when the run is over', async () => {
    const { session: one } = await openFixture('exchange.py');
    const { session: other } = await openFixture('exchange.py');
    const read = hostStep('read', ({ table }) => StepResult.ok({ data: { path: runFilePath(table) } }));
    const { report, context } = await run([one.step('keep'), other.step('use'), read]);
    const path = (report.steps[2]?.data as JsonObject | undefined)?.['path'];
    expect(context['table']).toMatchObject({ bytes: 5000, media: 'text/x-table' });
    expect(report.steps.map(({ data }) => data)).toEqual([
      { is_gone: true },
      { begins: 'table', size: 5000, moved: 'moved', name: path },
      { path: expect.stringMatching(/\.table$/) as string },
    ]);
    expect(() => runFilePath(context['table'])).toThrow('cannot be opened');
    expect(runFolders()).toEqual([]);
    const gone = await runSteps(other, ['use'], { fields: { table: context['table'] as JsonObject } });
    expect(gone.error?.message).toContain('the file that was handed over cannot be used');
  });

  it('may come from a step of the host', async () => {
    const { session } = await openFixture('exchange.py');
    const write = hostStep('write', (context) => {
      const file = writeRunFile(context, new TextEncoder().encode('table of the host'), { suffix: '.txt' });
      expect(() => runFilePath({ ...file, bytes: 16 })).toThrow('17 bytes instead of 16');
      expect(() => runFilePath({ ...file, file: '../x' })).toThrow('no file that was handed over');
      context['table'] = file;
      return StepResult.ok();
    });
    const { report } = await run([write, session.step('use')], { runId: 'a run/..' });
    expect(report.steps[1]?.data).toMatchObject({ begins: 'table', size: 17 });
    expect(runFolders()).toEqual([]);
  });

  it('is there for the undo of its run', async () => {
    const { session } = await openFixture('exchange.py');
    let undone: unknown;
    const fails = hostStep(
      'fails',
      () => StepResult.fail('no'),
      ({ table }) => {
        undone = readFileSync(runFilePath(table), 'utf8').slice(0, 5);
      },
    );
    const { report } = await run([session.step('keep'), fails]);
    expect([report.status, undone, runFolders()]).toEqual(['rolled-back', 'table', []]);
  });

  it('is kept when its run is interrupted, for the rest of it, and then goes', async () => {
    const { session } = await openFixture('exchange.py');
    const journal = new MemoryJournal();
    const steps = (stop?: () => void) => [
      session.step('keep'),
      hostStep('stop', () => (stop?.(), StepResult.ok())),
      session.step('use'),
    ];
    const first = await run((orchestrator) => steps(() => orchestrator().interrupt()), { journal });
    expect([first.report.status, runFolders()]).toEqual(['interrupted', [first.report.runId]]);
    const resumed = await run(steps(), { journal, history: journal.events });
    expect(resumed.report.steps[2]?.data).toMatchObject({ begins: 'table', size: 5000 });
    expect(runFolders()).toEqual([]);
  });

  it('of an interrupted run that nobody resumes can be removed by hand', async () => {
    const { session } = await openFixture('exchange.py');
    const { report } = await run(
      (orchestrator) => [session.step('keep'), hostStep('stop', () => (orchestrator().interrupt(), StepResult.ok()))],
      { journal: new MemoryJournal() },
    );
    expect(runFolders()).toEqual([report.runId]);
    removeRunFiles(report.runId);
    expect(runFolders()).toEqual([]);
  });

  it('is one for all copies of this package in a process', async () => {
    const { session } = await openFixture('exchange.py');
    vi.resetModules();
    onTestFinished(() => void vi.resetModules());
    const copy = await import('../src/index.js');
    expect(copy.writeRunFile).not.toBe(writeRunFile);
    const write = hostStep('write', (context) => {
      context['table'] = copy.writeRunFile(context, new TextEncoder().encode('table of a copy'));
      return StepResult.ok();
    });
    const { report, context } = await run([write, session.step('use')]);
    expect(report.steps[1]?.data).toMatchObject({ begins: 'table', size: 15 });
    expect(existsSync(join(exchangePath() ?? '', (context['table'] as RunFile).file))).toBe(false);
  });
});

type Execute = (context: OpenContext) => StepResult;

function hostStep(name: string, execute: Execute, rollback?: (context: OpenContext) => void): BaseStep<OpenContext> {
  return defineStep<OpenContext>({ name, execute, ...(rollback && { rollback }) });
}

type Steps =
  | readonly BaseStep<OpenContext>[]
  | ((orchestrator: () => Orchestrator<OpenContext>) => readonly BaseStep<OpenContext>[]);

async function run(steps: Steps, options: OrchestratorOptions<OpenContext> = {}) {
  const registry = new StepRegistry<OpenContext>();
  const context = new OpenContext();
  const all = typeof steps === 'function' ? steps(() => orchestrator) : steps;
  for (const step of all) registry.register(step);
  const orchestrator: Orchestrator<OpenContext> = new Orchestrator(registry, context, options);
  return { context, report: await orchestrator.execute().catch(reportOf) };
}

function reportOf(error: unknown): RunReport {
  if (StepFailedError.is(error)) return error.report;
  throw error;
}

function runFolders(): string[] {
  const folder = join(exchangePath() ?? '', 'runs');
  return existsSync(folder) ? readdirSync(folder) : [];
}
