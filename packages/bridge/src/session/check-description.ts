import { type DescribeResult, LONGEST_CANCEL_GRACE_MS, MAX_SCHEMA_BYTES, SHORTEST_HANG_TIMEOUT_MS, type StepDescription } from '../protocol/index.js';
