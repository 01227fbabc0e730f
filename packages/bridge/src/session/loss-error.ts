import { describeExit, type ProcessExit } from '../process/index.js';
import type { HostErrorKind } from '../protocol/error-kinds.js';
import { PluginError } from './plugin-error.js';

/** Why the host ended a plugin; the first reason stays. */
export interface Doom {
  readonly kind: HostErrorKind;
  /** Follows "Plugin 'x'": what it did. */
  readonly text: string;
  readonly cause?: unknown;
  /** The call that brought it about, where it was one: others in the same process perish without a fault of theirs. */
  readonly callId?: number | undefined;
}

/** What is known about a lost process. */
export interface Loss {
  readonly plugin: string;
  /** Why the host ended it; left out when it died by itself. */
  readonly doom: Doom | undefined;
  /** Left out when it is still there although it was killed. */
  readonly exit: ProcessExit | undefined;
  readonly stderrTail: readonly string[];
  /** Its first output that was no frame, for a plugin that never spoke the protocol. */
  readonly firstStray: string | undefined;
}

/** What a call was doing when its plugin was lost. */
export interface LostCall {
  readonly id: number;
  readonly method: string;
  readonly step: string | undefined;
  /** How many other calls were under way in the same process. */
  readonly others: number;
}

/** The error of a call whose process was lost. Whether an `execute` or `rollback` had its effect is unknown then. */
export function lossError(loss: Loss, call: LostCall): PluginError {
  const isCollateral = loss.doom?.callId !== undefined && loss.doom.callId !== call.id;
  return new PluginError({
    kind: isCollateral ? 'collateral' : kindOf(loss),
    plugin: loss.plugin,
    step: call.step,
    exit: loss.exit,
    stderrTail: loss.stderrTail,
    message: `Plugin '${loss.plugin}' ${whatHappened(loss)}${isCollateral ? COLLATERAL : ''}${doing(call)}.${company(loss, call)}${hint(loss)}`,
    outcomeUnknown: call.method === 'execute' || call.method === 'rollback',
    ...(loss.doom?.cause !== undefined && { cause: loss.doom.cause }),
  });
}

function kindOf({ doom, exit }: Loss): HostErrorKind {
  return doom?.kind ?? (exit?.signal ? 'signalled' : 'exited');
}

function doing({ method, step = '' }: LostCall): string {
  return DOING[method]?.(step) ?? '';
}

const DOING: Readonly<Record<string, (step: string) => string>> = {
  can_skip: (step) => ` while it was asked whether to skip step '${step}'`,
  execute: (step) => ` while it ran step '${step}'`,
  rollback: (step) => ` while it undid step '${step}'`,
};

const COLLATERAL = ', because of another call in the same process,';

/** When a process dies by itself, nobody knows which of its calls it died of. */
function company({ doom }: Loss, { others }: LostCall): string {
  if (doom !== undefined || others === 0) return '';
  return others === 1 ? ' Another call was under way in it.' : ` ${others} other calls were under way in it.`;
}

function whatHappened(loss: Loss): string {
  if (loss.doom !== undefined) return loss.doom.text;
  return loss.exit === undefined ? 'was lost' : describeExit(loss.exit);
}

function hint(loss: Loss): string {
  if (loss.exit === undefined) return ' It could not be killed and was left behind.';
  if (loss.doom !== undefined || loss.exit.signal !== 'SIGKILL') return '';
  return ' The host did not send that signal; often it is the system running out of memory.';
}

/** The error of a plugin that never got as far as answering the handshake. */
export function handshakeError(loss: Loss): PluginError {
  const { plugin, doom, exit, firstStray } = loss;
  const facts = { plugin, exit, stderrTail: loss.stderrTail, ...(doom?.cause !== undefined && { cause: doom.cause }) };
  if (firstStray !== undefined && (doom === undefined || SPOKE_SOMETHING_ELSE.has(doom.kind))) {
    const then = doom === undefined && exit !== undefined ? ` Then it ${describeExit(exit)}.` : '';
    return new PluginError({
      ...facts,
      kind: 'not_a_plugin',
      message: `'${plugin}' is no plugin: instead of the handshake its stdout begins with ${JSON.stringify(firstStray)}.${then} A plugin answers JSON lines; print to stderr instead, or serve the steps with synapse_steps.`,
      details: { firstOutput: firstStray },
    });
  }
  if (doom !== undefined)
    return new PluginError({ ...facts, kind: doom.kind, message: `Plugin '${plugin}' ${doom.text}.` });
  return new PluginError({
    ...facts,
    kind: exit?.signal ? 'signalled' : 'exited',
    message: `Plugin '${plugin}' ${exit === undefined ? 'was lost' : describeExit(exit)} before it answered the handshake. Run its command by hand to see why.`,
  });
}

const SPOKE_SOMETHING_ELSE: ReadonlySet<string> = new Set(['handshake_timeout', 'malformed_flood', 'frame_too_large']);
