/** 0.04 -> "< 0.1 ms", 3.14 -> "3.1 ms", 48.2 -> "48 ms", 1234 -> "1.23 s" */
export function time(milliseconds) {
  if (milliseconds == null) return "";
  if (milliseconds < 0.1) return "< 0.1 ms";
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** 90 -> "1 min 30 s"; at most two units. */
export function duration(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const parts = [];
  let rest = Math.round(seconds);
  for (const [size, unit] of units) {
    if (rest >= size && parts.length < 2) {
      parts.push(`${Math.floor(rest / size)} ${unit}`);
      rest %= size;
    }
  }
  return parts.join(" ") || "0 s";
}

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1024 * 1024 ? `${(count / 1024).toFixed(1)} kB` : `${(count / 1024 / 1024).toFixed(1)} MB`;
}

/** The time of day of a Unix time in seconds. */
export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour12: false });

export const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** How a result of X-Cache is shown: its kind is the color's. */
export function kind(result) {
  if (/hit/i.test(result)) return "hit";
  if (/error|exceeded/i.test(result)) return "error";
  return /^miss/i.test(result) ? "miss" : "made";
}
