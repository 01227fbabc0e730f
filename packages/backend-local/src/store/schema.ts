import type { Database } from './database.js';

/**
 * The tables. `contents` is what the folder `files` holds; everything else points to it. Ids are never given out twice
 * (AUTOINCREMENT): an undo that was saved long ago must not hit what somebody else made since.
 */
export function prepareSchema(database: Database): void {
  const version = database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version > VERSION) {
    throw new Error(`it was written by a newer version of the backend (format ${version}, this one knows ${VERSION})`);
  }
  if (version === VERSION) return;
  database.transaction(() => {
    database.exec(TABLES);
    database.exec(`PRAGMA user_version = ${VERSION}`);
  });
}

const VERSION = 1;

const TABLES = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE contents (
  sha256 TEXT PRIMARY KEY, sha1 TEXT NOT NULL, md5 TEXT NOT NULL, size INTEGER NOT NULL
) STRICT;
CREATE INDEX contents_by_sha1 ON contents (sha1);
CREATE INDEX contents_by_md5 ON contents (md5);

-- storages, data_collections, projects, plugin_releases, jobs, ground_truth_datasets, …_versions: what GET answers
CREATE TABLE documents (
  kind TEXT NOT NULL, id INTEGER NOT NULL, name TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX documents_by_name ON documents (kind, name);

CREATE TABLE data_files (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL, checksum TEXT NOT NULL, content TEXT NOT NULL REFERENCES contents,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX data_files_by_content ON data_files (content);

CREATE TABLE chunked_uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  filename TEXT NOT NULL, partial TEXT NOT NULL, received INTEGER NOT NULL, total INTEGER,
  content TEXT REFERENCES contents, completed_at TEXT, touched_at TEXT NOT NULL,
  data_file INTEGER REFERENCES data_files ON DELETE CASCADE,
  model INTEGER REFERENCES models ON DELETE CASCADE
) STRICT;
CREATE INDEX chunked_uploads_by_content ON chunked_uploads (content);
CREATE INDEX chunked_uploads_by_data_file ON chunked_uploads (data_file);
CREATE INDEX chunked_uploads_by_model ON chunked_uploads (model);

CREATE TABLE objects (
  key TEXT PRIMARY KEY,
  filename TEXT NOT NULL, expires_at TEXT NOT NULL,
  upload_id TEXT, part_size INTEGER, total INTEGER NOT NULL, partial TEXT,
  content TEXT REFERENCES contents,
  data_file INTEGER REFERENCES data_files ON DELETE CASCADE
) STRICT;
CREATE INDEX objects_by_content ON objects (content);
CREATE INDEX objects_by_data_file ON objects (data_file);
CREATE TABLE parts (
  object TEXT NOT NULL REFERENCES objects ON DELETE CASCADE,
  number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (object, number)
) STRICT;

CREATE TABLE data_units (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  data_collection INTEGER NOT NULL, meta TEXT NOT NULL, groups TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX data_units_by_collection ON data_units (data_collection);
CREATE TABLE unit_files (
  unit INTEGER NOT NULL REFERENCES data_units ON DELETE CASCADE,
  name TEXT NOT NULL, checksum TEXT NOT NULL, path TEXT, filename TEXT NOT NULL,
  content TEXT NOT NULL REFERENCES contents, PRIMARY KEY (unit, name)
) STRICT;
CREATE INDEX unit_files_by_content ON unit_files (content);
CREATE INDEX unit_files_by_checksum ON unit_files (checksum);

CREATE TABLE models (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL, body TEXT NOT NULL, filename TEXT, content TEXT REFERENCES contents, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX models_by_name ON models (name);
CREATE INDEX models_by_content ON models (content);

CREATE TABLE logs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX logs_by_job ON logs (job);

CREATE TABLE ground_truth_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL, category TEXT NOT NULL, data TEXT NOT NULL
) STRICT;
CREATE INDEX ground_truth_events_by_version ON ground_truth_events (version, category);
CREATE TABLE event_files (
  event INTEGER NOT NULL REFERENCES ground_truth_events ON DELETE CASCADE,
  name TEXT NOT NULL, filename TEXT NOT NULL, file_type TEXT NOT NULL, is_primary INTEGER NOT NULL,
  content TEXT NOT NULL REFERENCES contents, PRIMARY KEY (event, name)
) STRICT;
CREATE INDEX event_files_by_content ON event_files (content);
`;
