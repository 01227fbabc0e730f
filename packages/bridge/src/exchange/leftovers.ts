import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Where the exchange folders of one user's hosts are, all below one folder that nobody else may enter. */
export function hostsFolder(parent: string): string {
  const path = join(parent, `synapse-steps-exchange-${process.getuid?.() ?? 'user'}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  // somebody else could have made it first, in a folder like /tmp, to read or to exchange what is in it
  const isOurs =
    found.isDirectory() && isOwn(found.uid) && (process.getuid === undefined || (found.mode & 0o077) === 0);
  if (!isOurs) throw new Error(`${path} is no folder of this user alone; remove it, or name another one`);
  return path;
}

/** Names a host so that a later one can tell whether it is gone: its machine, its life, its process and when that began. */
export function hostName(pid: number = process.pid): string {
  return ['host', ...worldOf(), pid, startOf(pid) ?? 'unknown'].join('_');
}

/**
 * Removes the exchange folders of hosts that were killed. Only a folder whose name says that its host ran in this very
 * world of processes, and is gone from it, is touched.
 *
 * @returns the names of those that were removed.
 */
export function removeLeftovers(hosts: string): string[] {
  const dead = readdirSync(hosts).filter((name) => isOfDeadHost(name) && isOwnFolder(join(hosts, name)));
  for (const name of dead) rmSync(join(hosts, name), { recursive: true, force: true, maxRetries: 2 });
  return dead;
}

function isOfDeadHost(name: string): boolean {
  const [prefix, machine, boot, namespace, pid, start, ...more] = name.split('_');
  if (prefix !== 'host' || more.length > 1 || start === undefined || !/^[1-9]\d*$/.test(pid ?? '')) return false;
  const [ownMachine, ownBoot, ownNamespace] = worldOf();
  if (machine !== ownMachine) return false; // a folder on a network
  if (boot !== ownBoot) return true; // nothing survives a restart
  if (namespace !== ownNamespace) return false; // another container: its processes cannot be seen from here
  return !isAlive(Number(pid)) || (start !== 'unknown' && startOf(Number(pid)) !== start);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH'); // one that may not be asked is alive
  }
}

function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && isOwn(found.uid);
}

function isOwn(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

let world: readonly [string, string, string] | undefined;

/** The machine, its boot, and the namespace of processes: where a process id means the same process. */
function worldOf(): readonly [string, string, string] {
  world ??= [
    hostname().replaceAll(/[^A-Za-z0-9-]/g, '-') || 'machine',
    textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? 'boot',
    linkOf('/proc/self/ns/pid')?.replaceAll(/\D/g, '') ?? '0',
  ];
  return world;
}

/** When a process began, in ticks since the boot; `undefined` where there is no /proc. */
function startOf(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD];
}

/** Field 22 of proc(5), counted from the third, which is the first after the name in brackets. */
const START_FIELD = 19;

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // no Linux, or no such process
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // no Linux
  }
}
