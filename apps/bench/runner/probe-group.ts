import { Probe, type ProbeCommand } from './probe.js';

/** The probes of one comparison, which end together. */
export class ProbeGroup implements AsyncDisposable {
  readonly #probes: Probe[] = [];

  async start(command: ProbeCommand): Promise<Probe> {
    const probe = await Probe.start(command);
    this.#probes.push(probe);
    return probe;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#probes.map((probe) => probe[Symbol.asyncDispose]()));
  }
}
