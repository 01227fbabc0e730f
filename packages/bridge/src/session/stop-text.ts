import { errorMessage } from '@synapse-steps/core';
import type { EndReason } from './pending-request.js';

/** Why a call is to stop, in words: for the plugin, which may show them. */
export function stopText(reason: EndReason): string {
  switch (reason.type) {
    case 'cancelled':
      return textOf(reason.reason).slice(0, LONGEST);
    case 'deadline':
      return `its time of ${durationText(reason.deadlineMs)} is over`;
    case 'listener':
      return 'what it reported could not be kept';
  }
}

function textOf(reason: unknown): string {
  return typeof reason === 'string' ? reason : errorMessage(reason);
}

/** A cancel must fit into a frame, whatever its reason. */
const LONGEST = 1024;

/** `50 ms`, `1.5 s` */
export function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}
