import { CALLS } from './calls.js';
import { CANCEL } from './cancel.js';
import { CONTEXT } from './context.js';
import { END } from './end.js';
import { ENVELOPE } from './envelope.js';
import { FILES } from './files.js';
import { FRAMING } from './framing.js';
import { BEFORE_STEPS, HANDSHAKE } from './handshake.js';
import { UNDO } from './undo.js';
import type { Scenario } from './scenario.js';

/** Everything that is tried, in this order; the handshake first. */
export const ALL_SCENARIOS: readonly Scenario[] = [
  HANDSHAKE,
  ...BEFORE_STEPS,
  ...FRAMING,
  ...ENVELOPE,
  ...CALLS,
  ...CONTEXT,
  ...FILES,
  ...UNDO,
  ...CANCEL,
  ...END,
];
