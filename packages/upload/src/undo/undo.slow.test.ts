import { join } from 'node:path';

import { defineStep } from '@synapse-steps/core';
import { MemoryJournal, recordRun } from '@synapse-steps/core/testing';
import { describe, expect, it } from 'vitest';

import { startTestBackend, type TestBackendOptions } from '../../test/start-test-backend.js';
import { contextFor, groupOf, uploadGroups, uploadSteps, type UploadRun } from '../../test/upload-run.js';
import type { FakeBackend } from '../../../../test-fixtures/backend/fake-backend.js';
import type { UploadContext } from '../upload-context.js';
import type { UploadParamsInput } from '../upload-params.js';

const NAMES = ['a', 'b', 'c'];
const FILES = Object.fromEntries(NAMES.map((name) => [`${name}.jpg`, `image ${name}`]));

const breaks = defineStep<UploadContext>({
  name: 'mine',
  execute() {
    throw new Error('mine is broken');
  },
});

interface Undone extends UploadRun {
  readonly server: FakeBackend;
  /** `DELETE /v2/data-units/503/`, from the first on. */
  readonly deletes: string[];
  readonly outcomes: (string | undefined)[];
  readonly leftBehind: (readonly string[])[];
}

/** An upload that succeeds, and then a step that does not. */
async function undo(options: TestBackendOptions = {}, params: Partial<UploadParamsInput> = {}): Promise<Undone> {
  const { server, client, root } = await startTestBackend({ files: FILES, ...options });
  const groups = NAMES.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
  const run = await uploadGroups(contextFor(client, groups, params), [breaks]);
  const deletes = server.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => `DELETE ${path}`);
  const undone = run.report.steps.map(({ name }) => run.report.rollback?.steps.find((one) => one.name === name));
  return {
    ...run,
    server,
    deletes,
    outcomes: undone.map((one) => one?.outcome),
    leftBehind: undone.map((one) => one?.leftBehind ?? []),
  };
}

describe('a run that fails after all was uploaded', () => {
  it('deletes data units, newest first, and then data files', async () => {
    const { server, deletes, outcomes, report } = await undo({ state: { deletes_data_files: true } });
    expect(server.state.created).toMatchObject({ data_units: [], data_files: [] });
    expect(deletes.slice(0, 3)).toEqual([503, 502, 501].map((id) => `DELETE /v2/data-units/${id}/`));
    expect(outcomes).toEqual(['undone', 'undone', 'nothing-to-undo']);
    expect(report.status).toBe('rolled-back');
  });

  it.each([false, 'missing' as const])('names the data files that the backend keeps (%s)', async (way) => {
    const { server, outcomes, leftBehind, report } = await undo({ state: { deletes_data_files: way } });
    expect(server.state.created.data_units).toEqual([]);
    expect(outcomes).toEqual(['irreversible', 'undone', 'nothing-to-undo']);
    expect(leftBehind[0]?.map((text) => /^data file (\d+) /.exec(text)?.[1])).toEqual(['103', '102', '101']);
    expect(report.status).toBe('rollback-incomplete');
  });

  it('counts a data unit that is gone already as done', async () => {
    const faults = [{ method: 'DELETE', path: '/v2/data-units/502/', status: 404 }];
    const { outcomes } = await undo({ state: { deletes_data_files: true }, faults });
    expect(outcomes.slice(0, 2)).toEqual(['undone', 'undone']);
  });

  it('goes on past what cannot be deleted, says what it was, and tries that again', async () => {
    const fault = { method: 'DELETE', path: '/v2/data-units/502/', status: 500 };
    const state = { deletes_data_files: true };
    const again = await undo({ state, faults: [{ ...fault, times: 1 }] });
    expect(again.outcomes[1]).toBe('undone');
    expect(again.server.state.created.data_units).toEqual([]);
    const never = await undo({ state, faults: [{ ...fault, times: 99 }] });
    expect(never.outcomes.slice(0, 2)).toEqual(['undone', 'failed']);
    expect(never.server.left()).toMatchObject({ data_units: [502] });
    expect(never.report.rollback?.steps.find(({ outcome }) => outcome === 'failed')?.error?.message).toMatch(
      /Data unit 502 could not be removed.*500/,
    );
  });

  it('finds the data units that a short answer did not name', async () => {
    const { server, outcomes } = await undo({ state: { data_units_answered: 1, deletes_data_files: true } });
    expect(server.left()['data_units']).toBeUndefined();
    expect(outcomes[1]).toBe('undone');
  });

  it('names data units that may be there when nobody can look', async () => {
    const faults = [
      { method: 'POST', path: '/data_units/', nth: 2, status: 0, after: true },
      { method: 'GET', path: '/data_units/', status: 400, times: 99 },
    ];
    const { server, outcomes, leftBehind } = await undo({ faults }, { creating_data_unit_batch_size: 2 });
    expect(server.left()['data_units']).toEqual([503]);
    expect(outcomes[1]).toBe('irreversible');
    expect(leftBehind[1]).toEqual([expect.stringContaining("data units of 'c' that may be there") as string]);
  });

  it('names the data file whose id was lost with the answer', async () => {
    const path = '/data_files/presigned_upload/confirm_upload/';
    const state = { deletes_data_files: true };
    const { leftBehind, server } = await undo({ state, faults: [{ method: 'POST', path, status: 0, after: true }] });
    expect(server.left()['data_files']).toHaveLength(3);
    expect(leftBehind[0]).toHaveLength(3);
    expect(leftBehind[0]?.[0]).toContain('whose id was lost');
  });
});

it('a run that fails before anything is stored asks the backend for nothing', async () => {
  const faults = [{ method: 'POST', path: '/data_files/', status: 500, times: 9 }];
  const { server, outcomes, error } = await undo({ faults }, { extra_params: { use_presigned: false } });
  expect(String(error)).toContain("Step 'upload_files' failed: No files were successfully uploaded");
  const [sent, others] = [true, false].map((is) =>
    server.requests.filter(({ path }) => (path === '/data_files/') === is),
  );
  expect(others?.map(({ path }) => path)).toEqual(sent?.map(() => '/data_files/verify_checksums/')); // each was looked for
  expect(outcomes[0]).toBe('undone');
});

it('a run that is cancelled while units are being made finds and deletes those whose answer nobody waited for', async () => {
  const { server, client, root } = await startTestBackend({ files: FILES, state: { deletes_data_files: true } });
  const groups = NAMES.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
  const stop = new AbortController();
  const create = client.dataUnits.create.bind(client.dataUnits);
  client.dataUnits.create = async (units, options) => {
    await create(units, options); // done, and then the answer is not waited for
    stop.abort('enough');
    throw stop.signal.reason;
  };
  const { outcomes, report } = await (async () => {
    const run = await uploadGroups(contextFor(client, groups), [], { signal: stop.signal });
    return { outcomes: run.report.rollback?.steps.map(({ outcome }) => outcome), report: run.report };
  })();
  expect(server.state.created).toMatchObject({ data_units: [], data_files: [] });
  expect(outcomes).toEqual(['undone', 'undone']);
  expect(report.error?.code).toBe('run_cancelled');
});

it('metadata that may be of an earlier run does not let the undo of this one delete what that run made', async () => {
  const faults = [
    { method: 'POST', path: '/data_units/', nth: 2, status: 0 },
    { method: 'GET', path: '/data_units/', nth: 3, times: 4, status: 400 },
  ];
  const { server, client, root } = await startTestBackend({ files: FILES, faults });
  const group = groupOf({ images: join(root, 'a.jpg') });
  const old = { ...group, meta: { ...group.meta, created_at: '1999-01-01' } };
  await uploadGroups(contextFor(client, [old])); // somebody's, and looks the same
  const { report } = await uploadGroups(contextFor(client, [old]), [breaks]);
  expect(report.error?.message).toContain('No data units were successfully generated');
  expect(server.left()['data_units']).toEqual([501]);
});

describe('a host that dies', () => {
  /** What is left on the backend after a crash at the given commit and a rollback by another process. */
  async function dieAt(
    commit: number,
  ): Promise<{ units: number; files: number; leftBehind: string[]; hasEnded: boolean }> {
    const { server, client, root } = await startTestBackend({ files: FILES, state: { deletes_data_files: true } });
    const groups = NAMES.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
    const params = { creating_data_unit_batch_size: 2, upload_batch_size: 2 };
    const steps = uploadSteps();
    const journal = new MemoryJournal();
    journal.onAppend = () => {
      if (journal.commits.length >= commit) throw new Error('the host is dead'); // nothing is written any more
    };
    const { report } = await recordRun(steps, contextFor(client, groups, params), { journal });
    const history = journal.events;
    const run = await recordRun(steps, contextFor(client, groups, params), { history, rollBack: true });
    const named = run.report.rollback?.steps.flatMap((step) => step.leftBehind) ?? [];
    const leftBehind = named.filter((text) => !text.includes('in the object store')); // objects are no data files
    const { data_units, data_files } = server.state.created;
    return { units: data_units.length, files: data_files.length, leftBehind, hasEnded: report.success };
  }

  it('at any moment leaves what is needed to delete all that was made, or to name it', async () => {
    let named = 0;
    for (let commit = 1; ; commit += 1) {
      const { units, files, leftBehind, hasEnded } = await dieAt(commit);
      expect([units, files], `after ${commit} commits`).toEqual([0, leftBehind.length]);
      named += leftBehind.length;
      if (hasEnded) break;
      expect(commit).toBeLessThan(60);
    }
    expect(named).toBe(3); // those whose ids were in an answer that nobody could write down
  });
});
