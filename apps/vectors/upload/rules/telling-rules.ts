import type { LogRecord } from '../../actions/run/brief.js';
import { NO_STEPS, raisedInOurWords } from '../../actions/rules/our-words.js';
import { isBrief, leftOf, stepsOf, withLogs } from './rewriting.js';
import type { UploadRule } from './upload-rule.js';

/** How an upload tells what it does. */
export const tellingRules: readonly UploadRule[] = [
  {
    id: 'undo-data-is-what-undo-needs',
    defects: ['W-09'],
    where: 'a step that succeeded says what its undo would need',
    sdk: 'notes counts and settings, which no undo could work with',
    ours: 'notes the ids of the data files and data units that it made, as soon as they are known, and otherwise nothing',
    why: 'an undo needs to know what to delete, also when the process that made it is gone',
    rewrite(expect) {
      if (!stepsOf(expect).some((step) => step.rollback_data !== undefined)) return expect;
      const { data_files: files = [], data_units: units = [] } = leftOf(expect);
      const result = expect['result'] as { readonly data_units?: number } | undefined;
      const notes: Readonly<Record<string, object>> = {
        upload_files: { data_files: files.map(({ id }) => id) },
        generate_data_units: { data_units: units.slice(0, result?.data_units) },
      };
      const steps = stepsOf(expect).map(({ rollback_data: noted, ...step }) => {
        const ids = noted === undefined ? undefined : notes[step.name];
        return ids === undefined ? step : { ...step, rollback_data: ids };
      });
      return { ...expect, steps };
    },
  },
  {
    id: 'steady-total',
    defects: ['W-17'],
    where: 'upload_files reports its progress',
    sdk: 'changes the total on the way, from groups to files and checksums and back, so that the bar jumps',
    ours: 'counts groups from the beginning to the end, and moves with the bytes',
    why: 'a bar that goes back tells nothing',
    rewrite(expect) {
      const progress = expect['progress'] as readonly (readonly [string, number, number])[] | undefined;
      const total = progress?.find(([step]) => step === 'upload_files')?.[2];
      if (total === undefined) return expect;
      const isSteady = ([step, now, of]: readonly [string, number, number]): boolean =>
        step !== 'upload_files' || of === total || (now === 100 && of === 100);
      return { ...expect, progress: progress?.filter(isSteady) };
    },
  },
  {
    id: 'says-why-another-way',
    defects: [],
    where: 'files go through the backend, because they did not get to the object store',
    sdk: 'writes FILE_UPLOAD_FAILED with a fixed text, as an information',
    ours: 'writes it as a warning that says which files, and why',
    why: 'the slower way has a reason that somebody can mend',
    rewrite: (expect) =>
      withLogs(expect, (entry) => {
        if (!JSON.stringify(entry).includes('Presigned upload failed; falling back')) return entry;
        if (isBrief(entry)) return [entry[0], 'warning', entry[2], '{any}'];
        return { ...(entry as LogRecord), level: 'warning', data: { message: '{any}' } };
      }),
  },
  {
    id: 'our-words',
    defects: [],
    where: 'an action has no steps',
    sdk: 'names the Python method to override',
    ours: 'names the action and the method to override here',
    why: 'the names of the methods are others',
    rewrite: (expect) => raisedInOurWords(NO_STEPS, expect),
  },
];
