import type { InitializeResult } from '../protocol/initialize.js';
import { highestCommonVersion, PROTOCOL_VERSIONS } from '../protocol/version.js';
import { PACKAGE_VERSION } from '../package-version.js';
import { RefusedRequestError } from './refused-request-error.js';

/**
 * What a Node plugin says of itself.
 *
 * @throws RefusedRequestError when it speaks none of the versions that the host offers.
 */
export function answerInitialize(
  offered: readonly number[],
  { name, version }: { readonly name: string; readonly version: string },
): InitializeResult {
  const protocolVersion = highestCommonVersion(offered);
  if (protocolVersion === undefined) {
    const supported = [...PROTOCOL_VERSIONS];
    const text = `This plugin speaks version ${supported.join(', ')} of the step protocol.`;
    throw new RefusedRequestError('version_mismatch', text, { supported });
  }
  return {
    protocol_version: protocolVersion,
    plugin: { name, version, language: 'node', sdk: { name: '@synapse-steps/bridge', version: PACKAGE_VERSION } },
    capabilities: {
      max_in_flight: 1,
      cancel: true,
      ping: true,
      rollback: true,
      can_skip: true,
      undo: true,
      context_delta: true,
      files: true,
      actions: false,
    },
  };
}
