import type { JsonObject } from '@synapse-steps/core';
import type { ExchangeLease } from '../exchange/host-exchange.js';
import type { Uncuttable } from '../process/text-lines.js';
import type { Redact } from './redact-secrets.js';
import type { SessionLimits } from './session-limits.js';
import type { SessionLog } from './session-log.js';
import type { TranscriptFile } from '../transcript/transcript-file.js';
import type { Clock } from './workers/clock.js';

/** Everything that starting a plugin's process needs; the same for every life of it. */
export interface ConnectionSettings {
  /** The plugin's name in messages. */
  readonly plugin: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Marks all processes of the session, and lets a plugin notice that a person started it by hand. */
  readonly sessionId: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly config: JsonObject;
  readonly limits: SessionLimits;
  readonly log: SessionLog;
  readonly redact: Redact;
  /** Secrets as they may stand in what is printed, so that none is cut in two and slips through. */
  readonly uncuttable: Uncuttable | undefined;
  /** How many processes there may be at a time. */
  readonly workers: number;
  /** Whether each call gets a process of its own, which may die without being held against the plugin. */
  readonly isolated: boolean;
  /** Where large values go as files; left out when nothing can be written there. */
  readonly exchange?: ExchangeLease | undefined;
  /** Where everything that is said is recorded. */
  readonly record: TranscriptFile | undefined;
  /** Another time than that of the system. */
  readonly clock?: Clock;
}
