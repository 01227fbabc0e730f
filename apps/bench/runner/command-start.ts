import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';

/** Milliseconds that Node takes from start to end with these arguments. @throws Error when it does not end well. */
export async function commandStart(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { code, output } = await captureCommand(process.execPath, args, { timeoutMs: 60_000 });
  const elapsed = performance.now() - start;
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}: ${output.trim().slice(0, 400)}`);
  return elapsed;
}
