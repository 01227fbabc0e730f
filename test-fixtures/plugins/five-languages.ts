import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A plugin that was written from the specification alone, without any package of ours. */
export interface LanguagePlugin {
  readonly language: 'bash' | 'node' | 'python' | 'go' | 'rust';
  /** What must be on PATH to run it. */
  readonly tool: string;
  /** Whether it must be compiled first, which takes seconds. */
  readonly compiled: boolean;
  /** The command that starts it; compiles it first where that is needed. `onEnd` is to be called when it is not needed any more. */
  readonly prepare: () => Promise<{ readonly command: readonly string[]; readonly onEnd: () => Promise<void> }>;
}

/** The five plugins of PROTOCOL.md. */
export const FIVE_LANGUAGES: readonly LanguagePlugin[] = [
  { language: 'bash', tool: 'jq', compiled: false, prepare: () => script('bash', 'bash/plugin.sh') },
  { language: 'node', tool: 'node', compiled: false, prepare: () => script(process.execPath, 'node/plugin.mjs') },
  { language: 'python', tool: 'python3', compiled: false, prepare: () => script('python3', 'python/plugin.py') },
  { language: 'go', tool: 'go', compiled: true, prepare: () => compile('go', (out) => ['build', '-o', out, '.']) },
  {
    language: 'rust',
    tool: 'rustc',
    compiled: true,
    prepare: () => compile('rust', (out) => ['--edition', '2021', '-o', out, 'main.rs']),
  },
];

/**
 * Why the plugin cannot be tried here, or `undefined` when it can. On CI every language is mandatory, and a missing one is
 * an error.
 */
export function reasonToSkip({ language, tool }: LanguagePlugin): string | undefined {
  if (isOnPath(tool)) return undefined;
  const reason = `${tool} is not on PATH, so the ${language} plugin cannot be tried`;
  if (process.env['CI'] === 'true') throw new Error(`${reason}; on CI it must be.`);
  console.warn(`SKIPPED: ${reason}.`);
  return reason;
}

function isOnPath(tool: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, tool)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function script(program: string, file: string) {
  return await Promise.resolve({ command: [program, here(file)], onEnd: () => Promise.resolve() });
}

async function compile(folder: 'go' | 'rust', args: (out: string) => string[]) {
  const outFolder = await mkdtemp(join(tmpdir(), 'language-plugin-'));
  const out = join(outFolder, 'plugin');
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' };
  const program = folder === 'go' ? 'go' : 'rustc';
  await promisify(execFile)(program, args(out), { cwd: here(folder), env, timeout: 110_000 });
  return { command: [out], onEnd: () => rm(outFolder, { recursive: true }) };
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
