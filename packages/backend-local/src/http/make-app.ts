import { Hono } from 'hono';
import { addChunkedUploadRoutes } from '../routes/chunked-uploads.js';
import { addDataFileRoutes } from '../routes/data-files.js';
import { addDataUnitRoutes } from '../routes/data-units.js';
import { addDatasetRoutes } from '../routes/datasets.js';
import { addDocumentRoutes } from '../routes/documents.js';
import { addGroundTruthEventRoutes } from '../routes/ground-truth-events.js';
import { addJobRoutes } from '../routes/jobs.js';
import { addLogRoutes } from '../routes/logs.js';
import { addModelRoutes } from '../routes/models.js';
import { addObjectStorageRoutes } from '../routes/object-storage.js';
import { addPresignedUploadRoutes } from '../routes/presigned-uploads.js';
import { addServedFileRoutes } from '../routes/served-files.js';
import { addStorageRoutes } from '../routes/storages.js';
import { toProblem } from './answer-error.js';
import { loopbackOnly, withToken } from './guard.js';
import type { App, AppEnv, Served } from './served.js';

export interface AppOptions {
  readonly token: string | undefined;
  /** Is told of failures that are nobody's mistake but ours. */
  readonly report: (error: unknown) => void;
}

/** The HTTP API: signed addresses first, then what needs the token. */
export function makeApp(served: Served, { token, report }: AppOptions): App {
  const app = new Hono<AppEnv>({ strict: false });
  app.onError((error, context) => {
    const { status, body } = toProblem(error, report);
    return context.json(body, status);
  });
  app.notFound((context) => context.json({ detail: 'Not found.' }, 404));
  app.use(loopbackOnly);
  addObjectStorageRoutes(app, served, report);
  addServedFileRoutes(app, served);
  if (token !== undefined) app.use(withToken(token));
  addStorageRoutes(app, served);
  addDocumentRoutes(app, served);
  addPresignedUploadRoutes(app, served);
  addDataFileRoutes(app, served);
  addChunkedUploadRoutes(app, served);
  addDataUnitRoutes(app, served);
  addModelRoutes(app, served);
  addJobRoutes(app, served);
  addLogRoutes(app, served);
  addGroundTruthEventRoutes(app, served);
  addDatasetRoutes(app, served);
  return app;
}
