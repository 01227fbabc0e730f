import { describeExit, ProcessStartError, resolveCommand } from '@synapse-steps/bridge/process';
import { z } from 'zod';
import type { PythonVersion } from './requires-python.js';
import { runProgram } from './run-program.js';

/** What an interpreter says of itself: all that decides whether what was installed for it works with another one. */
export interface PythonFacts {
  /** The program itself, behind any shim and outside of any virtual environment. */
  readonly base: string;
  /** The program that was asked: in a virtual environment, the one that sees it. */
  readonly executable: string;
  readonly version: PythonVersion;
  readonly implementation: string;
  /** The name of its binary interface; empty where it has none. */
  readonly abi: string;
  readonly platform: string;
  /** Which pip `venv` would bring along; undefined where it cannot, as on a Debian without python3-venv. */
  readonly pip: string | undefined;
}

/** A Python that was found, or why the program is none that can be used. */
export type ProbedPython = { readonly facts: PythonFacts } | { readonly problem: string };

export interface ProbePythonOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** How long it may take to answer. Default: 20 s. */
  readonly timeoutMs?: number;
}

/** Asks a program for what it is: a path, or a name in `PATH`. */
export async function probePython(candidate: string, options: ProbePythonOptions): Promise<ProbedPython> {
  try {
    const program = await resolveCommand(candidate, { cwd: options.cwd, path: options.env['PATH'] ?? '' });
    return await ask(program, options);
  } catch (error) {
    if (!(error instanceof ProcessStartError)) throw error;
    return { problem: error.problem === 'not_found' ? 'not found' : error.message };
  }
}

async function ask(program: string, options: ProbePythonOptions): Promise<ProbedPython> {
  const { timeoutMs = PROBE_MS } = options;
  const command = [program, '-I', '-X', 'utf8', '-c', QUESTION];
  const { exit, isLate, stdout, stderr } = await runProgram(command, { ...options, timeoutMs });
  if (isLate) return { problem: `did not answer within ${timeoutMs / 1000} s` };
  if (exit.code === SHIM_OF_NOTHING)
    return { problem: 'only the shim of a version manager, which has no such version switched on here' };
  if (exit.code !== 0) return { problem: [describeExit(exit), ...stderr.slice(-1)].join(': ') };
  const answer = answerSchema.safeParse(parse(stdout));
  if (!answer.success) return { problem: 'does not answer as Python does' };
  const { pip, ...facts } = answer.data;
  return {
    facts: { ...facts, executable: facts.executable || program, base: facts.base || program, pip: pip ?? undefined },
  };
}

/** What the shim of a version manager exits with when none of its versions is behind it. */
const SHIM_OF_NOTHING = 127;

const PROBE_MS = 20_000;

/** Understood by every Python 3. */
const QUESTION = `
import json, os, sys, sysconfig
try:
    import ensurepip
    pip = ensurepip.version()
except ImportError:
    pip = None
base = getattr(sys, "_base_executable", None) or sys.executable or ""
if sys.prefix != sys.base_prefix and base == sys.executable:
    base = os.path.realpath(base)  # before 3.11 a virtual environment gives its own program
print(json.dumps({
    "version": sys.version_info[:3],
    "implementation": sys.implementation.name,
    "abi": sysconfig.get_config_var("SOABI") or "",
    "platform": sysconfig.get_platform(),
    "executable": sys.executable or "",
    "base": base,
    "pip": pip,
}))
`;

const answerSchema = z.object({
  version: z.tuple([z.int(), z.int(), z.int()]),
  implementation: z.string(),
  abi: z.string(),
  platform: z.string(),
  executable: z.string(),
  base: z.string(),
  pip: z.string().nullable(),
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // told as an answer that no Python gives
  }
}
