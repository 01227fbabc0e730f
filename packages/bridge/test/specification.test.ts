import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ALLOWED_NAMES } from '../src/process/index.js';
import { DEFAULT_SESSION_LIMITS } from '../src/index.js';
import { HOST_ERROR_KINDS, REQUESTS, WIRE_ERROR_KINDS } from '../src/protocol/index.js';
import { goldenFile } from './golden-frames.js';
import { protocolJsonSchema } from './schema/protocol-json-schema.js';

const text = readFileSync(new URL('../PROTOCOL.md', import.meta.url), 'utf8');
const fixtures = new URL('../../../test-fixtures/plugins/', import.meta.url);
const golden = [...goldenFile('frames/host-to-plugin.json'), ...goldenFile('frames/plugin-to-host.json')];
const goldenLines = new Set(golden.map(({ raw }) => raw));

describe('PROTOCOL.md', () => {
  it('shows golden frames, and nothing else as an example', () => {
    const examples = [...blocks('json')].flatMap((block) => block.trim().split('\n'));
    expect(examples.length).toBeGreaterThan(25);
    expect(examples.filter((line) => !goldenLines.has(line))).toEqual([]);
  });

  it('has a conversation of golden frames, or of others that fit the schemas', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(protocolJsonSchema(), 'protocol');
    const lines = [...text.matchAll(/^([→←]) (.*)$/gm)].filter(([, , line = '']) => line.startsWith('{'));
    const wrong = lines.filter(([, arrow, line = '']) => {
      const definition = arrow === '→' ? 'HostMessage' : 'PluginMessage';
      return !goldenLines.has(line) && !ajv.validate({ $ref: `protocol#/$defs/${definition}` }, JSON.parse(line));
    });
    expect(lines.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it('has an example of every request and its answer', () => {
    const shown = golden.filter(({ raw }) => text.includes(raw ?? '?'));
    for (const method of Object.keys(REQUESTS)) {
      expect(shown.some((entry) => entry.kind === 'request' && entry.method === method)).toBe(true);
      expect(shown.some((entry) => entry.kind === 'result' && entry.method === method)).toBe(true);
    }
  });

  it('shows the plugins that are tested, as they are', () => {
    const shown = [...text.matchAll(/<!-- fixture: (.+?) -->\n```\w+\n([\s\S]*?)```/g)];
    expect(shown.map(([, file]) => file)).toEqual([
      'bash/plugin.sh',
      'node/plugin.mjs',
      'python/plugin.py',
      'go/main.go',
      'rust/main.rs',
    ]);
    for (const [, file = '', body] of shown) expect(readFileSync(new URL(file, fixtures), 'utf8')).toBe(body);
  });

  it('numbers its clauses, without gaps in a group, and says whom each binds', () => {
    const bold = [...text.matchAll(/\*\*([A-Z]{2})-(\d+)\*\*/g)].map(([, group, number]) => `${group}-${number}`);
    const clauses = [...text.matchAll(/^- \*\*([A-Z]{2}-\d+)\*\* · (?:plugin|host|both) · \S/gm)].map(([, id]) => id);
    expect(clauses).toEqual(bold);
    expect(clauses.length).toBeGreaterThan(50);
    const groups = [...new Set(clauses.map((id = '') => id.slice(0, 2)))];
    const counted = groups.flatMap((group) =>
      clauses.filter((id) => id?.startsWith(group)).map((_id, at) => `${group}-${at + 1}`),
    );
    expect(clauses).toEqual(counted);
  });

  it('says the limits and times that the host has when nobody asks for others', () => {
    const section = text.slice(text.indexOf('\n## Limits and times\n')).split('\n## ')[1] ?? '';
    const rows = [...section.matchAll(/^\| (.+?) \| (.+?) \| .+ \|$/gm)]
      .slice(1)
      .map(([, what, value]) => [what, value]);
    const usual = DEFAULT_SESSION_LIMITS;
    expect(rows).toEqual([
      ['longest message', mebibytes(usual.maxFrameBytes)],
      ['deepest nesting', String(usual.maxDepth)],
      ['bytes that may wait for a plugin that does not read', mebibytes(usual.maxQueuedBytes)],
      ['steps of a plugin', String(usual.maxSteps)],
      ['`log`s of one call that are shown', '5000 at once, 1000 a second'], // src/log-throttle.test.ts holds these two
      ['from the start to the answers of the handshake', seconds(usual.handshakeMs)],
      ['from `cancel` to SIGTERM', `${seconds(usual.cancelGraceMs)}, at most ${usual.maxCancelGraceMs / 60_000} min`],
      ['from SIGTERM to SIGKILL', seconds(usual.terminateMs)],
      ['from the end of stdin to SIGTERM', seconds(usual.shutdownMs)],
      ['processes of a plugin · calls at a time in each', `1 · 1, at most ${usual.maxInFlight}`],
      ['calls that may wait for a process', String(usual.maxQueuedCalls)],
      ['idle time · calls until a process is replaced', `${usual.idleMs / 60_000} min · ${usual.maxCalls}`],
      [
        'pauses before a restart',
        `none, then ${usual.restartDelayMs} ms doubling to ${seconds(usual.longestRestartDelayMs)}, less up to a half by chance`,
      ],
      [
        'silence until a ping · until `hung`',
        `${seconds(usual.pingAfterMs)} · ${seconds(usual.hangTimeoutMs)}, at least ${seconds(usual.minHangTimeoutMs)} where a step asks`,
      ],
      ["JSON Schema of a step's params", `${usual.maxSchemaBytes / 1024} KiB`],
    ]);
  });

  it('says how many lines its plugins have', () => {
    const linesOf = (file: string) => readFileSync(new URL(file, fixtures), 'utf8').trimEnd().split('\n').length;
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      `${linesOf('bash/plugin.sh')} lines in bash and jq, ${linesOf('node/plugin.mjs')} in Node, ` +
        `${linesOf('python/plugin.py')} in Python, ${linesOf('go/main.go')} in Go, ${linesOf('rust/main.rs')} in Rust, ` +
        `which needs ${linesOf('rust/json.rs')} more for JSON`,
    );
  });

  it('refers only to clauses that it has', () => {
    const ids = new Set([...text.matchAll(/\*\*([A-Z]{2}-\d+)\*\*/g)].map(([, id]) => id));
    const mentioned = [...text.matchAll(/\b([A-Z]{2}-\d+)\b/g)].map(([, id]) => id);
    expect(mentioned.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('lists every kind of error with its code', () => {
    const rows = [...text.matchAll(/^\| (−?\d+) \| `(\w+)` \|/gm)].map(([, code = '', kind]) => [
      kind,
      Number(code.replace('−', '-')),
    ]);
    expect(rows).toEqual(Object.entries(WIRE_ERROR_KINDS).map(([kind, { code }]) => [kind, code]));
    const ofHost = /Kinds that only the host makes: (.*)\./.exec(text)?.[1] ?? '';
    expect([...ofHost.matchAll(/`(\w+)`/g)].map(([, kind]) => kind)).toEqual(Object.keys(HOST_ERROR_KINDS));
  });

  it('names every field of a step, every capability and every level, and the environment of a plugin', () => {
    const { $defs } = protocolJsonSchema() as { $defs: Record<string, { properties: Record<string, object> }> };
    const fields = [
      ...Object.keys($defs['StepDescription']?.properties ?? {}),
      ...Object.keys($defs['Capabilities']?.properties ?? {}),
    ];
    const levels = ($defs['LogParams']?.properties['level'] as { enum: string[] } | undefined)?.enum ?? [];
    expect([...fields, ...levels].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
    expect(ALLOWED_NAMES.filter((name) => !/^- \*\*PC-2.*$/m.exec(text)?.[0].includes(name))).toEqual([]);
  });
});

function* blocks(language: string): Generator<string> {
  for (const [, body = ''] of text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))) yield body;
}

function mebibytes(bytes: number): string {
  return `${bytes / 1024 ** 2} MiB`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
