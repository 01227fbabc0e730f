import { randomUUID } from 'node:crypto';
import { processEnvironment } from '@synapse-steps/bridge/process';
import {
  DEFAULT_WIRE_LIMITS,
  type DescribeResult,
  describeResultSchema,
  type InitializeResult,
  initializeResultSchema,
  type JsonObject,
  type StepDescription,
} from '@synapse-steps/bridge/protocol';
import { ProcessRecording, type TranscriptFile } from '@synapse-steps/bridge/transcript';
import { CannotTestError, demand, type Violation } from '../subject/clause-failure.js';
import type { Patience } from '../subject/patience.js';
import { type Asked, Subject } from '../subject/subject.js';
import type { Facts } from './scenario.js';

/** The steps that scenarios call, by what they do. */
export interface StepRoles {
  /** Called where any step will do; the first one when left out. */
  readonly any?: string | undefined;
  /** Runs until it is cancelled. */
  readonly waits?: string | undefined;
  /** Saves undo data while it runs, and can be undone. */
  readonly saves?: string | undefined;
  /** Prints something to stdout. */
  readonly prints?: string | undefined;
}

/** The names that a step of a role has when nothing else is said. */
export const ROLE_NAMES = {
  waits: 'conformance-waits',
  saves: 'conformance-saves-undo',
  prints: 'conformance-prints',
} as const satisfies Partial<Record<keyof StepRoles, string>>;

/** What scenarios work with. */
export interface BenchOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly patience: Patience;
  readonly roles: StepRoles;
  /** The context, params and step params of each call. */
  readonly context: JsonObject;
  readonly params: JsonObject;
  readonly stepParams: JsonObject;
  readonly record: TranscriptFile | undefined;
}

/** Starts processes for one scenario, and knows how to speak to them. */
export class Bench {
  readonly subjects: Subject[] = [];
  /** The cookies of all that was started. */
  readonly sessions: string[] = [];
  /** What the plugin does otherwise than it should. */
  readonly warnings: Violation[] = [];
  readonly patience: Patience;
  readonly #options: BenchOptions;
  #facts: Facts | undefined;

  constructor(options: BenchOptions, facts?: Facts) {
    this.#options = options;
    this.patience = options.patience;
    this.#facts = facts;
  }

  get facts(): Facts {
    if (this.#facts === undefined) throw new CannotTestError('the plugin did not get through the handshake');
    return this.#facts;
  }

  /** A fresh process that has been told nothing. */
  async start(): Promise<Subject> {
    const session = randomUUID();
    this.sessions.push(session);
    return await this.#start(processEnvironment({ extra: { STEP_PROTOCOL_SESSION: session } }));
  }

  /** A process that is started as a person would start it, who knows nothing of hosts. */
  async startByHand(): Promise<Subject> {
    return await this.#start(processEnvironment({}));
  }

  async #start(env: Readonly<Record<string, string>>): Promise<Subject> {
    const { command, cwd, patience, record } = this.#options;
    const recording = record && new ProcessRecording(record, command.join(' '));
    const subject = await Subject.start({ command, cwd, env, patience, recording });
    this.subjects.push(subject);
    return subject;
  }

  /** Warns of something that is only advised, unless it is followed. */
  advise(isFollowed: boolean, clause: string, text: string): void {
    if (!isFollowed) this.warnings.push({ clause, text });
  }

  /** A fresh process after the handshake. */
  async ready(initialize: JsonObject = {}): Promise<Subject> {
    const subject = await this.start();
    await this.shakeHands(subject, initialize);
    return subject;
  }

  /** Writes both requests of the handshake at once, and reads what the plugin says of itself. */
  async shakeHands(subject: Subject, initialize: JsonObject = {}): Promise<InitializeResult & DescribeResult> {
    const requests = [subject.prepare('initialize', this.initializeParams(initialize)), subject.prepare('describe')];
    subject.write(requests.map(({ line }) => line).join(''));
    const [info, description] = await Promise.all(requests.map((asked) => this.#handshakeResult(subject, asked)));
    const parsedInfo = initializeResultSchema.safeParse(info);
    demand(parsedInfo.success, 'IN-2', 'its answer to initialize has a wrong shape');
    const parsedDescription = describeResultSchema.safeParse(description);
    demand(parsedDescription.success, 'DE-1', 'its answer to describe has a wrong shape');
    subject.judge.mayNameFiles = typeof initialize['exchange_dir'] === 'string' && parsedInfo.data.capabilities.files;
    this.#facts ??= { capabilities: parsedInfo.data.capabilities, steps: parsedDescription.data.steps };
    return { ...parsedInfo.data, ...parsedDescription.data };
  }

  async #handshakeResult(subject: Subject, asked: Asked): Promise<unknown> {
    const answer = await subject.answerTo(asked, { clause: 'IN-4', ms: this.patience.handshakeMs });
    if (answer.kind === 'error') throw new CannotTestError(`it refused ${asked.method}: ${answer.error.message}`);
    return answer.result;
  }

  initializeParams(more: JsonObject = {}): JsonObject {
    return {
      protocol_versions: [1],
      host: { name: '@synapse-steps/conformance', version: '1' },
      session: this.sessions.at(-1) ?? '', // of the process that was started last
      limits: { ...DEFAULT_WIRE_LIMITS, inline_bytes: DEFAULT_WIRE_LIMITS.max_frame_bytes },
      work_dir: this.#options.cwd,
      exchange_dir: null,
      config: {},
      secrets: {},
      ...more,
    };
  }

  /** The params of `execute`, and those of `can_skip` in them. */
  callOf(step: string, more: JsonObject = {}): JsonObject {
    const { params, stepParams, context } = this.#options;
    return {
      run_id: 'conformance',
      step,
      params,
      step_params: stepParams,
      context: { rev: 1, full: context },
      attempt: 1,
      idempotency_key: `conformance/${step}/1/execute`,
      deadline_ms: null,
      ...more,
    };
  }

  /** The params of `rollback`. */
  undoOf(step: string, more: JsonObject = {}): JsonObject {
    const { deadline_ms: _left, ...call } = this.callOf(step);
    return {
      ...call,
      idempotency_key: `conformance/${step}/1/rollback`,
      result: { status: 'unknown', data: null, error: 'the plugin was lost' },
      undo: {},
      cause: null,
      undo_attempt: 1,
      ...more,
    };
  }

  /** The step where any will do. */
  anyStep(): string {
    const name = this.#options.roles.any ?? this.facts.steps.find(({ name: own }) => !isRoleName(own))?.name;
    return this.#known(name ?? this.facts.steps[0]?.name);
  }

  /** The step of a role. Its absence is a scenario that cannot be carried out. */
  stepThat(role: keyof typeof ROLE_NAMES): string {
    const name = this.roleOf(role);
    if (name !== undefined) return name;
    throw new CannotTestError(
      `no step is known that ${ROLE_TEXT[role]}; offer one called '${ROLE_NAMES[role]}', or name yours with ${ROLE_OPTION[role]}`,
    );
  }

  /** The step of a role, if there is one. */
  roleOf(role: keyof typeof ROLE_NAMES): string | undefined {
    const named = this.#options.roles[role];
    if (named !== undefined) return this.#known(named);
    return this.facts.steps.find(({ name }) => name === ROLE_NAMES[role])?.name;
  }

  /** The description of a step that says so, the one of the role first. */
  stepWith(isOne: (step: StepDescription) => boolean): StepDescription | undefined {
    const preferred = [this.roleOf('saves'), this.#options.roles.any];
    const found = this.facts.steps.filter(isOne);
    return found.find(({ name }) => preferred.includes(name)) ?? found[0];
  }

  #known(name: string | undefined): string {
    if (name === undefined) throw new CannotTestError('the plugin offers no step; give it one');
    if (this.facts.steps.some((step) => step.name === name)) return name;
    throw new CannotTestError(`the plugin offers no step '${name}'`);
  }
}

function isRoleName(name: string): boolean {
  return Object.values(ROLE_NAMES).some((own) => own === name);
}

const ROLE_TEXT: Readonly<Record<keyof typeof ROLE_NAMES, string>> = {
  waits: 'runs until it is cancelled',
  saves: 'saves undo data while it runs',
  prints: 'prints',
};

const ROLE_OPTION: Readonly<Record<keyof typeof ROLE_NAMES, string>> = {
  waits: '--waiting-step',
  saves: '--saving-step',
  prints: '--printing-step',
};
