/** Waits until what was written has reached whoever reads it, or nobody reads any more. */
export async function finishOutput(): Promise<void> {
  await Promise.all([written(process.stdout), written(process.stderr)]);
}

async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.once('close', () => resolve());
    stream.write('', () => resolve());
  });
}
