/** A duration for people: `8 ms`, `0.31 s`, `12.4 s`, `1m 12s`, `2h 03m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 99.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${padded(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${padded(Math.floor((whole % 3600) / 60))}m`;
}

/** How long something still takes, no more exact than it can be known. */
export function formatRemaining(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
