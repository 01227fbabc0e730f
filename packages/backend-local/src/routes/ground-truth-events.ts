import { pageOf, wholeNumber } from '../http/page.js';
import type { App, AppContext, Served } from '../http/served.js';
import { eventsOf } from '../store/ground-truth-events.js';

/** What a dataset download reads: each event's category, files and annotations. */
export function addGroundTruthEventRoutes(app: App, { store: { database }, addresses }: Served): void {
  app.get('/sdk/ground_truth_events', (context) => {
    const version = wholeNumber(context, 'ground_truth_dataset_versions', 0); // there is no 0
    const events = eventsOf(database, version, context.req.query('category'));
    const fields = fieldsOf(context);
    return context.json(
      pageOf(context, addresses.origin, {
        count: events.count,
        items: (slice) =>
          events.slice(slice).map(({ id, category, data, files }) => {
            const answered = files.map(({ name, content, filename, is_primary: isPrimary, file_type: type }) => [
              name,
              { url: addresses.ofFile(content, filename), is_primary: isPrimary === 1, file_type: type },
            ]);
            const event = {
              id,
              category,
              files: Object.fromEntries(answered) as unknown,
              data: JSON.parse(data) as unknown,
            };
            return Object.fromEntries(Object.entries(event).filter(([name]) => name === 'id' || fields.has(name)));
          }),
      }),
    );
  });
}

/** `?fields=category&fields=files`, also `?fields=category,files`; without it everything. */
function fieldsOf(context: AppContext): ReadonlySet<string> {
  const asked = (context.req.queries('fields') ?? []).flatMap((value) => value.split(','));
  return new Set(asked.length > 0 ? asked : ['category', 'files', 'data']);
}
