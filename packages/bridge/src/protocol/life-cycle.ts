import { z } from 'zod';

/** "Are you there?" — answered while a step runs, by a plugin with the capability `ping`. */
export const pingParamsSchema = z.looseObject({}).meta({ id: 'PingParams' });
/** "Yes." */
export const pingResultSchema = z.looseObject({}).meta({ id: 'PingResult' });

/** Asks the plugin to finish; it exits with code 0 once its stdin ends. */
export const shutdownParamsSchema = z.looseObject({ deadline_ms: z.number().min(0) }).meta({ id: 'ShutdownParams' });
/** "I will." */
export const shutdownResultSchema = z.looseObject({}).meta({ id: 'ShutdownResult' });

export type ShutdownParams = z.infer<typeof shutdownParamsSchema>;
