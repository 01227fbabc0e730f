export { encodeFrame, FrameEncodeError, type EncodeFrameOptions } from './encode-frame.js';
export { FrameReader, type FrameListener, type FrameReaderOptions } from './frame-reader.js';
export type { LineProblem, ParsedLine, ParseFrameOptions } from './parse-frame.js';
