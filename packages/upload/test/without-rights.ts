/**
 * Runs a function as a user whom file modes hold, which the superuser is not. Says nothing of Windows, where modes mean
 * nothing.
 */
export async function withoutRights<T>(run: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return await run();
  seteuid(NOBODY);
  try {
    return await run();
  } finally {
    seteuid(0);
  }
}

const NOBODY = 65_534;
