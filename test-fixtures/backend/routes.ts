import type { BackendState, Reply } from './backend-state.js';
import type { RecordedRequest } from './read-request.js';

type Answer = (state: BackendState, request: RecordedRequest, id: string) => Reply;

const ROUTES: readonly (readonly [RegExp, Answer])[] = [
  [/^GET \/storages\/(\w+)\/$/, (state, _, id) => state.stored('storages', id)],
  [/^POST \/storages\/(\w+)\/session\/$/, (state, _, id) => state.openSession(id)],
  [/^GET \/data_collections\/(\w+)\/$/, (state, _, id) => state.stored('data_collections', id)],
  [/^GET \/projects\/(\w+)\/$/, (state, _, id) => state.stored('projects', id)],
  [/^POST \/data_files\/$/, (state, request) => state.receiveFile(request)],
  [/^POST \/data_files\/verify_checksums\/$/, (state, request) => state.knownChecksums(request)],
  [/^POST \/data_files\/presigned_upload\/upload\/$/, (state, request) => state.presign(request)],
  [/^POST \/data_files\/presigned_upload\/confirm_upload\/$/, (state, request) => state.confirm(request)],
  [/^PUT \/_storage\/(.+)$/, (state, request, key) => state.storeObject(key, request)],
  [/^PUT \/chunked_upload\/$/, (state, request) => state.receiveChunk(request, undefined)],
  [/^PUT \/chunked_upload\/(\d+)\/$/, (state, request, id) => state.receiveChunk(request, id)],
  [/^POST \/chunked_upload\/(\d+)\/$/, (state, request, id) => state.finishChunks(id, request)],
  [/^GET \/chunked_upload\/(\d+)\/$/, (state, _, id) => state.chunkState(id)],
  [/^DELETE \/v2\/chunked-uploads\/(\d+)\/$/, (state, _, id) => state.removeChunks(id)],
  [/^POST \/data_units\/$/, (state, request) => state.addUnits(request)],
  [/^GET \/data_units\/$/, (state, request) => state.listUnits(request.query)],
  [/^DELETE \/v2\/data-units\/(\d+)\/$/, (state, _, id) => state.remove('data_units', id)],
  [/^DELETE \/v2\/data-files\/(\d+)\/$/, (state, _, id) => state.removeFile(id)],
  [/^GET \/sdk\/ground_truth_events\/$/, (state, request) => state.groundTruth(request.query)],
  [/^GET \/models\/(\d+)\/$/, (state, _, id) => state.stored('models', id)],
  [/^GET \/models\/$/, (state, request) => state.listModels(request.query)],
  [/^POST \/models\/$/, (state, request) => state.addModel(request)],
  [/^DELETE \/v2\/models\/(\d+)\/$/, (state, _, id) => state.remove('models', id)],
  [/^GET \/jobs\/([\w-]+)\/$/, (state, _, id) => state.stored('jobs', id)],
  [/^PATCH \/jobs\/([\w-]+)\/$/, (state, request, id) => state.updateJob(id, request)],
  [/^POST \/logs\/$/, (state, request) => state.addLogs(request)],
  [/^GET \/plugin_releases\/(\w+)\/$/, (state, _, id) => state.stored('plugin_releases', id)],
  [/^GET \/_files\/(.+)$/, (state, _, name) => state.servedFile(name)],
];

/** What the backend answers to a request, having done what it asks. */
export function answerTo(state: BackendState, request: RecordedRequest): Reply {
  const key = `${request.method} ${request.path}`;
  for (const [pattern, answer] of ROUTES) {
    const match = pattern.exec(key);
    if (match) return answer(state, request, match[1] ?? '');
  }
  return { status: 404, value: { detail: 'Not found.' } };
}
