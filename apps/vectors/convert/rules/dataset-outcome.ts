import { basename, dirname } from 'node:path/posix';
import type { Raised } from '../../actions/cases/action-vector.js';
import { CONFIG_FILES } from '../../actions/model/config-files.js';
import { datasetPart } from '../../actions/model/dataset-part.js';
import { briefLogs, textOf } from '../../actions/rules/rewriting.js';
import type { Rewritten } from '../../actions/rules/action-rule.js';
import type { DatasetVector } from '../cases/convert-vector.js';

// What comes out of the dataset action where that of the SDK fails.

export function readsBack(given: DatasetVector['given']): boolean {
  return given.read_back !== undefined;
}

/** The same, failing. How far its progress came is not certain. */
export function failingWith(expect: Rewritten, raised: Raised): Rewritten {
  const { result: _result, progress: _progress, ...rest } = expect;
  return { ...rest, raised };
}

/** Whether the folder holds what a data set of its format has. */
function isDataset({ params, files }: DatasetVector['given']): boolean {
  const source = textOf(params['source_format'] ?? 'dm_v2');
  const wanted =
    { yolo: 'labels/', coco: 'annotations.json', pascal: 'nnotations/', imagefolder: '' }[source] ?? 'json/';
  return Object.keys(files).some((name) => name.includes(wanted));
}

/** A conversion that succeeds. What it wrote is held to the vectors of converters. */
export function converts(expect: Rewritten, { given }: DatasetVector): Rewritten {
  if (!isDataset(given)) {
    return failingWith(expect, { type: 'FileNotFoundError', message: '{any}' });
  }
  const { raised: _raised, progress: _progress, logs: _logs, ...rest } = expect;
  const { target_format: target = 'yolo', is_categorized: categorized = false } = given.params;
  const [source, format] = [textOf(given.params['path']), textOf(target)];
  const folder = textOf(given.params['output_dir']) || `${dirname(source)}/${basename(source)}_${format}`;
  const config = CONFIG_FILES[format];
  const result = {
    path: folder,
    format,
    is_categorized: categorized,
    config_path: config === undefined ? null : `${folder}/${config}`,
    count: '{any}',
    source_path: source,
  };
  const done = [
    [null, 'info', 'convert_complete'],
    [null, 'success', 'message', 'DATASET_CONVERSION_COMPLETED'],
  ];
  const logs = briefLogs(expect);
  return { ...rest, result, ...(logs && { logs: [...logs, ...done] }), ...(readsBack(given) && { files: '{any}' }) };
}

/** A download that succeeds. What it wrote is held to the vectors of those that the SDK does. */
export function downloads(expect: Rewritten, { given }: DatasetVector): Rewritten {
  const { raised: _raised, progress: _progress, ...rest } = expect;
  const { path, count, requests, logs } = datasetPart(given);
  const result = {
    path: textOf(given.params['output_dir']) || path,
    format: 'dm_v2',
    is_categorized: Object.keys(given.params['splits'] ?? {}).length > 0,
    config_path: null,
    count,
    source_path: null,
  };
  return {
    ...rest,
    result,
    requests,
    ...(briefLogs(expect) && { logs: logs.map(([, ...line]) => [null, ...line]) }),
    ...(readsBack(given) && { files: '{any}' }),
  };
}
