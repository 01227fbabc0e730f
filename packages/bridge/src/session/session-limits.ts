import { DEFAULT_WIRE_LIMITS, MAX_STEPS } from '../protocol/limits.js';
import { STEP_BOUNDS, type StepBounds } from '../protocol/step-bounds.js';

/** Bounds of a session with a plugin. Times are milliseconds, sizes bytes. */
export interface SessionLimits extends StepBounds {
  /** The largest frame in either direction. */
  readonly maxFrameBytes: number;
  /** The deepest nesting of a frame. */
  readonly maxDepth: number;
  /** A value whose JSON is larger goes to a plugin as a file, if it takes files. */
  readonly inlineBytes: number;
  /** What the files of one message may hold together; 0 means that there are none. */
  readonly maxFileBytes: number;
  /** What may wait for a plugin that does not read. */
  readonly maxQueuedBytes: number;
  /** How many steps a plugin may offer. */
  readonly maxSteps: number;
  /** From the start to the answers to `initialize` and `describe`. */
  readonly handshakeMs: number;
  /** From a cancel to SIGTERM; a step may ask for another value in its description. */
  readonly cancelGraceMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly terminateMs: number;
  /** From SIGKILL to giving the process up. */
  readonly killMs: number;
  /** From `shutdown` and the end of stdin to SIGTERM. */
  readonly shutdownMs: number;
  /** Silence during a request after which the plugin is pinged. */
  readonly pingAfterMs: number;
  /** Silence, pings included, after which the plugin counts as hung; 0 switches that off. */
  readonly hangTimeoutMs: number;
  /** Stray lines, and bytes of them, without a valid frame between. */
  readonly maxStrayLines: number;
  readonly maxStrayBytes: number;
  /** Restarts after a death, within the window; the undo of each step has as many of its own, and one more. */
  readonly maxRestarts: number;
  readonly restartWindowMs: number;
  /** The pause before the second restart within the window; it doubles with each further one, up to the longest. */
  readonly restartDelayMs: number;
  readonly longestRestartDelayMs: number;
  /** How many calls one process gets at a time, whatever it offers. */
  readonly maxInFlight: number;
  /** How many calls may wait for a process. */
  readonly maxQueuedCalls: number;
  /** How many calls a process serves before another one takes its place. */
  readonly maxCalls: number;
  /** The memory with which a process is replaced after a call; 0 switches that off. */
  readonly maxMemoryBytes: number;
  /** How long a process may be idle before it is ended; 0 switches that off. */
  readonly idleMs: number;
  /** How many processes are started ahead of any call, and kept although they are idle. */
  readonly minIdle: number;
}

/** The bounds of a session when nobody asks for others. */
export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  maxFrameBytes: DEFAULT_WIRE_LIMITS.max_frame_bytes,
  maxDepth: DEFAULT_WIRE_LIMITS.max_depth,
  inlineBytes: DEFAULT_WIRE_LIMITS.inline_bytes,
  maxFileBytes: DEFAULT_WIRE_LIMITS.max_file_bytes,
  maxQueuedBytes: 16 * 1024 * 1024,
  maxSteps: MAX_STEPS,
  handshakeMs: 10_000,
  cancelGraceMs: 5000,
  terminateMs: 2000,
  killMs: 1000,
  shutdownMs: 2000,
  pingAfterMs: 5000,
  hangTimeoutMs: 60_000,
  ...STEP_BOUNDS,
  maxStrayLines: 1000,
  maxStrayBytes: 10 * 1024 * 1024,
  maxRestarts: 5,
  restartWindowMs: 180_000,
  restartDelayMs: 100,
  longestRestartDelayMs: 5000,
  maxInFlight: 64,
  maxQueuedCalls: 1000,
  maxCalls: 1000,
  maxMemoryBytes: 0,
  idleMs: 300_000,
  minIdle: 0,
};
