import { type BaseStep, BaseStepContext } from '@synapse-steps/core';
import type { z } from 'zod';
import type { initializeParamsSchema } from '../protocol/initialize.js';
import type { ContextClass } from './served-context.js';

/** What a plugin offers. */
export interface PluginOffer {
  readonly steps: readonly BaseStep[];
  readonly contextClass: ContextClass;
  readonly name: string;
  readonly version: string;
  /** Hears what the host says of itself, before anything else of it is answered. */
  readonly onInitialize: (said: z.output<typeof initializeParamsSchema>) => void;
  /** Hears that code of a step is about to run. */
  readonly onCall: () => void;
}

/** Contexts without a class of their own. */
export const PLAIN_CONTEXT: ContextClass = BaseStepContext;
