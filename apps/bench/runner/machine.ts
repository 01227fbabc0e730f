import { availableParallelism, cpus, totalmem } from 'node:os';
import { requirePython } from '../../../scripts/bootstrap/find-pythons.mjs';
import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';

/** What the figures were measured on, in one line. */
export async function describeMachine(): Promise<string> {
  const { command } = await requirePython();
  const python = await captureCommand(command, ['--version'], { timeoutMs: 10_000 });
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    python.output.trim(),
  ].join(' · ');
}
