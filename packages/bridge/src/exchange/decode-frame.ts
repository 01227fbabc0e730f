import type { Frame } from '../protocol/frame.js';
import { decodeAnswer } from './decode-answer.js';
import type { TakeOptions } from './take-values.js';

/**
 * A frame of a plugin whose tags and files are values. Frames without any need not come here.
 *
 * @throws BadFileError, UnserialisableValueError; each says where.
 */
export function decodeFrame(frame: Frame, options: TakeOptions): Frame {
  switch (frame.kind) {
    case 'result':
      return { kind: 'result', frame: { ...frame.frame, result: decodeAnswer(frame.frame.result, options) } };
    case 'notification': {
      const { params } = frame.frame;
      return params === undefined
        ? frame
        : { kind: frame.kind, frame: { ...frame.frame, params: decodeAnswer(params, options) } };
    }
    case 'error': {
      const { data } = frame.frame.error;
      if (!data) return frame;
      const error = { ...frame.frame.error, data: decodeAnswer(data, options) as typeof data };
      return { kind: 'error', frame: { ...frame.frame, error } };
    }
    case 'request':
      return frame;
  }
}
