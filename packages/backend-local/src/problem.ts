/** What the HTTP API answers instead of what was asked for. */
export class Problem extends Error {
  readonly status: ProblemStatus;
  readonly body: ProblemBody;

  constructor(status: ProblemStatus, body: ProblemBody | string) {
    super(typeof body === 'string' ? body : JSON.stringify(body));
    this.name = 'Problem';
    this.status = status;
    this.body = typeof body === 'string' ? { detail: body } : body;
  }
}

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 411 | 413 | 416 | 421 | 500 | 507;

/** `{ detail }`, or what is wrong by field. */
export type ProblemBody = Readonly<Record<string, unknown>>;

/** It is in use: something was made of it, which has to go first. */
export function madeOf(what: string, made: { readonly data_file: number } | { readonly model: number }): Problem {
  const name = 'data_file' in made ? `data file ${made.data_file}` : `model ${made.model}`;
  return new Problem(409, { detail: `The ${name} was made of ${what}. Delete that.`, ...made });
}

export function notFound(): Problem {
  return new Problem(404, 'Not found.');
}
