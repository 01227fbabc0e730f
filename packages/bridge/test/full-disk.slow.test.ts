import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canMount, smallDisk } from '../../../test-fixtures/small-disk/small-disk.js';
import { exchangePath } from '../src/exchange/host-exchange.js';
import { fixturePath, openFixture, TYPESCRIPT } from './open-fixture.js';
import { runSteps } from './run-steps.js';

const host = fileURLToPath(new URL('full-disk-host.ts', import.meta.url));

describe.runIf(canMount)('an exchange folder on a disk that is full', () => {
  it('fails the step whose value does not fit, in clear words, and leaves nothing half-written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'full-exchange-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const program = [process.execPath, ...TYPESCRIPT, host, fixturePath('exchange.py'), '20'];
    const [command = '', ...args] = [...smallDisk(folder, 8), ...program];
    const output = execFileSync(command, args, {
      env: { ...process.env, SYNAPSE_STEPS_EXCHANGE_DIR: folder },
      timeout: 60_000,
    });
    const noRoom = /could not be written into the exchange folder.*no space left on device/i;
    expect(JSON.parse(output.toString())).toEqual({
      there: {
        status: 'failed',
        code: 'exchange_failed',
        message: expect.stringMatching(noRoom) as string,
        left: [],
      },
      back: {
        status: 'rolled-back',
        code: 'resource_exhausted',
        message: expect.stringMatching(noRoom) as string,
        undone: { kept: 1 },
        left: [],
      },
      fitting: { status: 'succeeded', left: [] },
      isSameProcess: true,
    });
  });
});

describe('an exchange folder that cannot be written', () => {
  it('fails the step with its place and what to do, and the next small one goes on', async () => {
    const { session } = await openFixture('exchange.py');
    const folder = exchangePath() ?? '';
    const own = join(folder, session.id);
    rmSync(own, { recursive: true });
    writeFileSync(own, 'in the way'); // which stops also whoever may write everywhere
    const { error } = await runSteps(session, ['echo'], { fields: { there: 'x'.repeat(500_000) } });
    expect(error?.cause).toMatchObject({ code: 'exchange_failed', outcomeUnknown: false });
    expect(error?.message).toContain(`/context/full/there could not be written into the exchange folder ${folder}: `);
    expect(error?.message).toContain('SYNAPSE_STEPS_EXCHANGE_DIR');
    const { context } = await runSteps(session, ['echo'], { fields: { there: 'small' } });
    expect(context['back']).toBe('small');
  });

  it('is said once where there can be none, and values travel in messages', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'no-exchange-')), 'file');
    onTestFinished(() => rmSync(join(file, '..'), { recursive: true }));
    writeFileSync(file, 'no folder');
    const before = process.env['SYNAPSE_STEPS_EXCHANGE_DIR'];
    onTestFinished(() => {
      if (before === undefined) delete process.env['SYNAPSE_STEPS_EXCHANGE_DIR'];
      else process.env['SYNAPSE_STEPS_EXCHANGE_DIR'] = before;
    });
    process.env['SYNAPSE_STEPS_EXCHANGE_DIR'] = file;
    const { session, log } = await openFixture('exchange.py');
    expect(log.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^There is no exchange folder, and large values travel in messages: .*ENOTDIR/) as string,
    ]);
    const { context } = await runSteps(session, ['echo'], { fields: { there: 'x'.repeat(500_000) } });
    expect(String(context['back'])).toHaveLength(500_000);
  });
});
