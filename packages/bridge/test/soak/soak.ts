// Many calls over one session, then many starts: what may not grow is looked at again and again. Linux, because of /proc.
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BaseStepContext, ConfiguredStep, Orchestrator, StepRegistry } from '@synapse-steps/core';
import { connectPlugin, type PluginSession, type PluginTarget } from '../../src/index.js';
import { residentMemory } from '../../src/process/resident-memory.js';
import { processesOfSession } from '../processes.js';
import type { Sample } from './judge-samples.js';

/** What is called, how often, and how often it is looked at. */
export interface SoakOptions {
  readonly plugin: PluginTarget;
  readonly times: number;
  readonly samples: number;
  /** Asked before each round of calls and each start; false ends the soak early. */
  readonly goesOn: () => boolean;
}

const STEPS_OF_A_RUN = 50;

class SoakContext extends BaseStepContext {
  done = 0;
  rows: number[] = Array.from({ length: 100 }, (_, index) => index);
}

/** Calls of one plugin process, fifty a run: each reports, saves undo data and changes the context. */
export async function soakCalls({ plugin, times, samples, goesOn }: SoakOptions): Promise<Sample[]> {
  const session = await connectPlugin(plugin, { limits: { maxCalls: Number.MAX_SAFE_INTEGER } });
  const taken: Sample[] = [];
  try {
    for (let done = 0; done < times && goesOn();) {
      await runSteps(session);
      done += STEPS_OF_A_RUN;
      if (done >= ((taken.length + 1) * times) / samples) {
        taken.push(sample(done, session.pid, processesOfSession(session.id).length));
      }
    }
  } finally {
    await session.close();
  }
  return taken;
}

/** Starts of a plugin, each with a call and its end. */
export async function soakStarts({ plugin, times, samples, goesOn }: SoakOptions): Promise<Sample[]> {
  const taken: Sample[] = [];
  for (let done = 1; done <= times && goesOn(); done += 1) {
    const session = await connectPlugin(plugin);
    const { pid } = session;
    await runSteps(session, 1);
    const held = pid === undefined ? undefined : heldBy(pid);
    await session.close();
    if (done < ((taken.length + 1) * times) / samples) continue;
    taken.push({ ...sample(done, undefined, processesOfSession(session.id).length), ...held });
  }
  return taken;
}

async function runSteps(session: PluginSession, steps = STEPS_OF_A_RUN): Promise<void> {
  const registry = new StepRegistry<SoakContext>();
  for (let index = 0; index < steps; index += 1) {
    registry.register(new ConfiguredStep(session.step('soak'), { name: `soak-${index}` }));
  }
  const context = new SoakContext();
  await new Orchestrator(registry, context).execute();
  if (context.done !== steps) throw new Error(`${steps} steps ran, the context says ${context.done}.`);
}

function sample(done: number, pid: number | undefined, processes: number): Sample {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    done,
    hostHeap: heapUsed / MIB,
    hostMemory: rss / MIB,
    hostDescriptors: readdirSync('/proc/self/fd').length,
    ...(pid === undefined ? { pluginMemory: 0, pluginDescriptors: 0 } : heldBy(pid)),
    processes,
  };
}

function heldBy(pid: number): Pick<Sample, 'pluginMemory' | 'pluginDescriptors'> {
  return {
    pluginMemory: (residentMemory(pid) ?? 0) / MIB,
    pluginDescriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

const MIB = 1024 * 1024;

/** Without a flag on the command line, so that a test can do it too. */
const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();
