/** How large a request may be. */
export interface Limits {
  /** One file, however it is sent. */
  readonly fileBytes: number;
  /** One JSON body. */
  readonly jsonBytes: number;
  /** Files over this size get an address for each part, of this size. */
  readonly partBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  fileBytes: 1024 ** 4,
  jsonBytes: 64 * 1024 ** 2,
  partBytes: 100 * 1024 ** 2,
};
