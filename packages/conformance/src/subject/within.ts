/** What `promise` gives within the time, or `undefined`. Leaves no timer. */
export async function within<TValue>(milliseconds: number, promise: Promise<TValue>): Promise<TValue | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
