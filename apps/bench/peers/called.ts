// Callers of Python made ready to be measured: our own, and those of the peers that can be had.
import type { Unplaced } from '../runner/placed-rounds.js';
import { findOptional, type Found } from './optional-candidates.js';
import { callerProbe, oneShotProcess, type Caller, type CallerProgram } from './python-callers.js';

export interface CalledOptions {
  readonly program: CallerProgram;
  /** What each probe is asked in each round. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** What the program needs to know besides. */
  readonly args?: readonly string[];
  readonly say: (what: string) => void;
}

/** A caller as a candidate. @throws Error when its peer cannot be installed. */
export async function called(caller: Caller, options: CalledOptions): Promise<Unplaced> {
  const { program, args = [], request, say } = options;
  const probe = await callerProbe(program, caller, { say, args });
  return { name: caller.name, probe, startsAnew: caller === oneShotProcess, ...(request && { request }) };
}

/** The same for several, in their order; those of peers only as far as they can be had. */
export async function allCalled(
  { own, peers }: { readonly own: readonly Caller[]; readonly peers: readonly Caller[] },
  options: CalledOptions,
): Promise<Found<Unplaced>> {
  const ours: Unplaced[] = [];
  for (const caller of own) ours.push(await called(caller, options));
  const wanted = Object.fromEntries(peers.map((peer) => [peer.name, () => called(peer, options)]));
  const { found, notes } = await findOptional(wanted, options.say);
  return { found: [...ours, ...found], notes };
}
