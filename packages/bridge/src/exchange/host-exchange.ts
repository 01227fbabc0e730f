import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BaseStepContext, type RunReport, STEP_CALL } from '@synapse-steps/core';
import { onExit } from 'signal-exit';
import { ExchangeFolder } from './exchange-folder.js';
import { hostName, hostsFolder, removeLeftovers } from './leftovers.js';

/** A session's part of the host's exchange folder. */
export interface ExchangeLease {
  readonly folder: ExchangeFolder;
  /** Removes what the session left; after the last one of the host, the whole folder. */
  release(): void;
}

interface HostFolder {
  readonly path: string;
  readonly sessions: Set<string>;
  readonly stopListening: () => void;
}

const HOST_FOLDER: unique symbol = Symbol.for('synapse-steps.exchange-folder');

/** Shared by all copies of this package: a step of a project finds the folder that a global command made. */
const inProcess = globalThis as { [HOST_FOLDER]?: HostFolder | undefined };

/**
 * Makes the exchange folder of this host, if there is none yet, and a folder in it for one session. It lies below the
 * folder that `SYNAPSE_STEPS_EXCHANGE_DIR` names, or that for temporary files; the first session also removes what hosts
 * left behind that were killed.
 *
 * @throws the system's error when nothing can be written there.
 */
export function leaseExchange(session: string): ExchangeLease {
  const host = (inProcess[HOST_FOLDER] ??= makeHostFolder());
  const place = join(host.path, session);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  host.sessions.add(session);
  return {
    folder: new ExchangeFolder(host.path, session),
    release: () => {
      if (!host.sessions.delete(session)) return;
      if (host.sessions.size > 0) removeFolder(place);
      else removeHostFolder(host);
    },
  };
}

let ofTheHost: string | undefined;

/** The exchange folder of this host, while a session is open; in a plugin that of its host. */
export function exchangePath(): string | undefined {
  return inProcess[HOST_FOLDER]?.path ?? ofTheHost;
}

/** In a plugin: the folder that its host names. */
export function useExchangePath(path: string | undefined): void {
  ofTheHost = path;
}

/**
 * Removes the files that steps handed over within a run. They go by themselves when the run is over, and with the last
 * plugin of this host; this is for a run that was interrupted and will not be resumed.
 */
export function removeRunFiles(runId: string): void {
  const path = inProcess[HOST_FOLDER]?.path;
  if (path !== undefined) removeFolder(join(path, runPlace(runId)));
}

/** Removes the files of the run that the context is in when that is over, unless it may be resumed. */
export function removeFilesWithRun(context: BaseStepContext): void {
  context[STEP_CALL]?.control?.onRunEnd(removeFilesOf); // which is heard once for a run, however often it is given
}

function removeFilesOf({ runId, status }: RunReport): void {
  if (status !== 'interrupted') removeRunFiles(runId);
}

/** The folder of a run below the exchange folder: readable where the id allows it, and never a way out. */
export function runPlace(runId: string): string {
  return `runs/${/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/.test(runId) ? runId : Buffer.from(runId).toString('hex').slice(0, 160)}`;
}

function makeHostFolder(): HostFolder {
  const hosts = hostsFolder(process.env['SYNAPSE_STEPS_EXCHANGE_DIR'] || tmpdir());
  removeLeftovers(hosts);
  const path = join(hosts, `${hostName()}_${randomBytes(4).toString('hex')}`); // one for each thread
  mkdirSync(path, { mode: 0o700 });
  return { path, sessions: new Set(), stopListening: onExit(() => removeFolder(path)) };
}

function removeHostFolder(host: HostFolder): void {
  host.stopListening();
  if (inProcess[HOST_FOLDER] === host) inProcess[HOST_FOLDER] = undefined;
  removeFolder(host.path);
}

function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 2 });
}
