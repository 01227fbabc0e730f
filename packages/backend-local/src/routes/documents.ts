import { idOf, pageOf } from '../http/page.js';
import type { App, Served } from '../http/served.js';
import { notFound } from '../problem.js';
import { allDocuments, type Document, type DocumentKind, findDocument } from '../store/documents.js';
import type { Slice } from '../store/slice.js';

const KINDS: readonly DocumentKind[] = [
  'data_collections',
  'projects',
  'plugin_releases',
  'ground_truth_datasets',
  'ground_truth_dataset_versions',
];

/** What is only looked at: collections, projects, plugin releases and data sets, as a seed file made them. */
export function addDocumentRoutes(app: App, { store, addresses }: Served): void {
  for (const kind of KINDS) {
    app.get(`/${kind}`, (context) => {
      const filters = Object.entries(context.req.query()).filter(([name]) => FILTERS.has(name));
      const all = allDocuments(store.database, kind).filter((document) =>
        filters.every(([name, value]) => String(document[name]) === value),
      );
      const items = ({ offset, limit }: Slice): Document[] => all.slice(offset, offset + limit);
      return context.json(pageOf(context, addresses.origin, { count: all.length, items }));
    });
    app.get(`/${kind}/:id`, (context) => {
      const document = findDocument(store.database, kind, idOf(context));
      if (document === undefined) throw notFound();
      return context.json(document);
    });
  }
}

const FILTERS: ReadonlySet<string> = new Set(['name', 'data_collection', 'ground_truth_dataset', 'version']);
