import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fixturePath, openFixture } from '../../test/open-fixture.js';
import { openScript } from '../../test/open-script.js';
import { runSteps } from '../../test/run-steps.js';
import { connectPlugin } from '../index.js';
import { readTranscript, TranscriptFile } from './index.js';

async function scratchFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'transcript-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'run.ndjson');
}

function entriesIn(file: string) {
  return readTranscript(readFileSync(file, 'utf8'), file);
}

describe('a recording', () => {
  it('holds every message of every process in order, what was printed, and how it ended', async () => {
    const record = await scratchFile();
    const { session } = await openFixture('undo-then-die.mjs', { record });
    await runSteps(session, [session.steps[0]?.name ?? ''], { stepParams: { how: 'SIGKILL' } });
    await session.close();
    const said = entriesIn(record).map(({ process, ...entry }) => [process, wordOf(entry)].join(' '));
    expect(said.slice(0, 5)).toEqual(['1 start', '1 h>p initialize', '1 h>p describe', '1 p>h 1', '1 p>h 2']);
    const turns = ['1 start', '1 exit SIGKILL', '2 start', '2 h>p rollback', '2 h>p end', '2 exit 0'];
    expect(said.filter((line) => /start|exit|rollback|end$/.test(line))).toEqual(turns);
    for (const undo of ['1 p>h undo', '1 h>p undo_saved']) expect(said.filter((line) => line === undo)).toHaveLength(2);
    expect(said).toContain('1 err');
  });

  it('is readable by its owner only, and holds no secret, wherever one turns up', async () => {
    const record = await scratchFile();
    const secrets = { TOKEN: 'tok-9183-en', QUOTED: 'a "quoted" \\ one', PIN: '48151623', SHORT: 'abc' };
    const { session } = await openScript(LEAKS, { record, secrets, onLog: () => undefined });
    const fields = { deep: [{ 'tok-9183-en': 'of tok-9183-en' }], pin: 48_151_623, text: secrets.QUOTED };
    await runSteps(session, ['leak'], { fields });
    await session.close();
    const text = readFileSync(record, 'utf8');
    expect(statSync(record).mode & 0o777).toBe(0o600);
    for (const value of ['tok-9183-en', 'quoted', '48151623', '"abc"']) expect(text).not.toContain(value);
    for (const [name, count] of [
      ['TOKEN', 6],
      ['QUOTED', 3],
      ['PIN', 3],
      ['SHORT', 1],
    ] as const)
      expect(text.split(`[secret ${name}]`).length - 1, name).toBeGreaterThanOrEqual(count);
    expect(entriesIn(record).filter(({ dir }) => dir === 'err')).not.toEqual([]);
  });

  it('holds no secret however the line that it stands in was written', async () => {
    const record = await scratchFile();
    const value = 'päss\twört/π-😀';
    const { session } = await openScript(
      `const secret = (params) => params.secrets.TOKEN;
       const ascii = (text) => JSON.stringify(text).replace(/[^ -~]/g, (unit) => '\\\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
       onMessage(({ method, params }) => {
         if (method !== 'initialize') return;
         const text = ascii(secret(params));
         const slashes = text.replaceAll('/', '\\\\/');
         const capitals = text.replace(/u[0-9a-f]{4}/g, (unit) => 'u' + unit.slice(1).toUpperCase());
         for (const line of [text, slashes, capitals]) process.stdout.write('{"twice":1,"twice":' + line + '}\\n');
         process.stdout.write(Buffer.concat([Buffer.from([0xff]), Buffer.from(secret(params) + '\\n')]));
       });
       plugin([], {});`,
      { record, secrets: { TOKEN: value }, onLog: () => undefined },
    );
    await session.close();
    const lines = entriesIn(record).filter((entry) => entry.dir === 'p>h' && !('frame' in entry));
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const { text, raw = '' } = line as { readonly text?: string; readonly raw?: string };
      expect(text ?? Buffer.from(raw, 'base64').toString('latin1')).toContain('[secret TOKEN]');
    }
  });

  it('is made where STEP_PROTOCOL_RECORD says, which the plugin itself does not see', async () => {
    const record = await scratchFile();
    vi.stubEnv('STEP_PROTOCOL_RECORD', record);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { session } = await openFixture('echo.mjs');
    await session.close();
    expect(entriesIn(record).at(-1)).toMatchObject({ dir: 'exit', code: 0 });
  });

  it('never overwrites anything, and says so before a plugin is started', async () => {
    const record = await scratchFile();
    writeFileSync(record, 'precious');
    const connected = connectPlugin({ command: [fixturePath('echo.mjs')] }, { record });
    await expect(connected).rejects.toThrow(`Nothing can be recorded to ${record}: there is something in it already`);
    await expect(connectPlugin({ command: ['x'] }, { record: join(record, 'in-a-file') })).rejects.toThrow('ENOTDIR');
    expect(readFileSync(record, 'utf8')).toBe('precious');
  });
});

describe('a transcript that is written', () => {
  it('stays within its bound, in whole lines, and says where it ends', async () => {
    const path = await scratchFile();
    const file = new TranscriptFile(path, { maxBytes: 5000 });
    for (let count = 0; count < 1000; count += 1) file.write({ dir: 'err', text: 'x'.repeat(100) });
    expect(statSync(path).size).toBeLessThanOrEqual(5000);
    const entries = entriesIn(path);
    expect(entries.length).toBeGreaterThan(20);
    expect(entries.at(-1)).toMatchObject({
      dir: 'cut',
      text: expect.stringContaining('longer than 5000 bytes') as string,
    });
  });

  it('ends when the disk is full, and harms nobody', () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const file = new TranscriptFile('/dev/full');
    file.write({ dir: 'err', text: 'one' });
    file.write({ dir: 'err', text: 'two' });
    expect(said).toHaveBeenCalledTimes(1);
    expect(said).toHaveBeenCalledWith(expect.stringContaining('The recording /dev/full ends here: Error: ENOSPC'));
  });
});

describe('a transcript that is read', () => {
  it('may be the one that the specification shows', () => {
    const specification = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');
    const [, example = ''] = /<!-- transcript -->\n```text\n([\s\S]*?)```/.exec(specification) ?? [];
    const directions = ['start', 'h>p', 'err', 'p>h', 'h>p', 'exit'];
    expect(readTranscript(example).map(({ dir }) => dir)).toEqual(directions);
  });

  it('names the line that is no entry', () => {
    const good = '{"t":0,"dir":"err","text":"a"}\n\n';
    expect(readTranscript(good)).toEqual([{ t: 0, process: 1, dir: 'err', text: 'a' }]);
    expect(() => readTranscript(`${good}{"t":`, 'x')).toThrow('x:3 is no JSON');
    expect(() => readTranscript(`${good}{"t":1,"dir":"h>p","frame":{},"text":"b"}`, 'x')).toThrow('x:3 is no entry');
  });
});

function wordOf(entry: Readonly<Record<string, unknown>>): string {
  const frame = entry['frame'] as { method?: string; id?: number } | undefined;
  const end = entry['end'] === true ? 'end' : undefined;
  const what = frame?.method ?? frame?.id ?? end ?? entry['code'] ?? entry['signal'];
  return `${String(entry['dir'])} ${typeof what === 'string' || typeof what === 'number' ? what : ''}`.trim();
}

const LEAKS = `
plugin([{ name: 'leak' }], {
  execute: ({ id, params }) => {
    const { deep, pin, text } = params.context.full;
    console.error(JSON.stringify({ deep, text }), pin);
    process.stdout.write('stray ' + JSON.stringify(text) + String(pin) + '\\n');
    notify('log', { id, seq: 1, data: { deep: [deep] }, event: 'tok-9183-en' });
    result(id, { success: true, data: { pin, deep } });
  },
});
`;
