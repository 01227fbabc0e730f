import { z } from 'zod';

/** What every entry has: when it happened, and in which process of the recording. */
const ofEntry = {
  /** Milliseconds since the recording began. */
  t: z.number().min(0),
  /** Which process, counted from 1; there may be several plugins, and several lives of one. */
  process: z.int().min(1).default(1),
};

/** What was written: a frame; a line of text that is none; or bytes that are no UTF-8, as base64. */
const ofLine = {
  frame: z.record(z.string(), z.unknown()).optional(),
  text: z.string().optional(),
  raw: z.base64().optional(),
};

/** How it must be when the transcript is replayed: what differs from `frame`, and how long it may take, in milliseconds. */
const ofReplay = { match: z.unknown().optional(), within: z.number().min(0).optional() };

const directionSchema = z.enum(['h>p', 'p>h', 'err']);

/** One line of a transcript. */
export const transcriptEntrySchema = z.union([
  z
    .looseObject({ ...ofEntry, ...ofLine, ...ofReplay, dir: directionSchema, end: z.literal(true).optional() })
    .refine(
      (entry) => [entry.frame, entry.text, entry.raw, entry.end].filter((one) => one !== undefined).length === 1,
      {
        message: 'needs one of frame, text, raw and end',
      },
    ),
  z.looseObject({ ...ofEntry, dir: z.literal('start'), plugin: z.string() }),
  z.looseObject({
    ...ofEntry,
    ...ofReplay,
    dir: z.literal('exit'),
    code: z.int().nullable().default(null),
    signal: z.string().nullable().default(null),
  }),
  /** The recording ends here, although what it recorded does not. */
  z.looseObject({ ...ofEntry, dir: z.literal('cut'), text: z.string() }),
]);

/** One line of a transcript. */
export type TranscriptEntry = z.infer<typeof transcriptEntrySchema>;

/** One line as it is written. */
export type WrittenEntry = z.input<typeof transcriptEntrySchema>;

/** What was said in one direction. */
export type SaidEntry = Extract<TranscriptEntry, { dir: z.infer<typeof directionSchema> }>;
