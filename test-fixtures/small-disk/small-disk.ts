import { spawnSync } from 'node:child_process';

const AS_ROOT_OF_MOUNTS = ['--user', '--map-root-user', '--mount'];

/** Whether this system lets its users mount disks of their own; where it does not, a word says what is skipped. */
export const canMount = spawnSync('unshare', [...AS_ROOT_OF_MOUNTS, 'true']).status === 0;
if (!canMount) console.warn('SKIPPED: a full disk was not tried, because this system lets nobody mount a small one.');

/** A command that runs the one behind it where `folder` is a disk of that size. */
export function smallDisk(folder: string, megabytes: number): readonly string[] {
  const mount = `mount -t tmpfs -o size=${megabytes}m none "$0" && exec "$@"`;
  return ['unshare', ...AS_ROOT_OF_MOUNTS, 'sh', '-c', mount, folder];
}
