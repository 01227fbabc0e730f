import {
  HOST_ERROR_KINDS,
  REQUESTS,
  type RequestMethod,
  type WireError,
  wireErrorKind,
} from '@synapse-steps/bridge/protocol';
import type { Violation } from './clause-failure.js';
import { clauseOfPlace, type Judgement, placeOf } from './judgement.js';

/** Judges the result of a request by the schema of its method. */
export function judgeResult(method: string, result: Readonly<Record<string, unknown>>): Judgement {
  if (!isRequest(method)) return { seen: [], violations: [] };
  const clause = CLAUSE_OF_RESULT[method];
  const isSkipped = result['skipped'] === true;
  const parsed = REQUESTS[method].result.safeParse(result);
  return {
    seen: [clause, ...(result['patch'] === undefined ? [] : ['CX-3', 'CX-4']), ...(isSkipped ? ['EX-3'] : [])],
    violations: [
      ...(isSkipped && result['success'] !== true ? [SKIPPED_WITHOUT_SUCCESS] : []),
      ...(parsed.error?.issues ?? []).map(({ path, message }) => {
        const place = placeOf(path);
        const text = `the result of '${method}' is wrong at '${place}': ${message}`;
        return { clause: clauseOfPlace(place) ?? clause, text };
      }),
    ],
  };
}

/** Judges an error by the table of codes and kinds. */
export function judgeError({ code, data }: WireError): Judgement {
  const problem = kindProblem(code, data?.kind);
  return { seen: ['ER-1', 'ER-2'], violations: problem === undefined ? [] : [{ clause: 'ER-2', text: problem }] };
}

function kindProblem(code: number, kind: string | undefined): string | undefined {
  if (kind === undefined) return undefined;
  if (Object.hasOwn(HOST_ERROR_KINDS, kind)) return `it claims the kind '${kind}', which only the host makes`;
  const expected = wireErrorKind(code);
  return expected === undefined || expected === kind
    ? undefined
    : `the code ${code} is '${expected}', and not '${kind}'`;
}

function isRequest(method: string): method is RequestMethod {
  return Object.hasOwn(REQUESTS, method);
}

const SKIPPED_WITHOUT_SUCCESS: Violation = { clause: 'EX-3', text: 'a step was skipped without success: true' };

const CLAUSE_OF_RESULT: Readonly<Record<RequestMethod, string>> = {
  initialize: 'IN-2',
  describe: 'DE-1',
  can_skip: 'SK-1',
  execute: 'EX-1',
  rollback: 'RO-1',
  ping: 'PI-1',
  shutdown: 'SH-1',
};
