/** Plain text is Next's cheerful chatter, or the last words of a process that could not log any more. */
const soundsWrong = /error|warn|fail|cannot|exception|⨯/i;

/**
 * Decides which of a child's output lines a person should see on the console; all of them are in
 * its log file. Returns the text to show, or undefined.
 */
export function worthShowing(name: string, line: string): string | undefined {
  if (name === "postgres") return /\bPANIC:/.test(line) ? line : undefined;
  if (name === "redis") return / # (?!WARNING).*(error|fail|MISCONF|save)/i.test(line) ? line : undefined;
  const record = parseRecord(line);
  if (record === undefined) return soundsWrong.test(line) ? line.trim().slice(0, 300) : undefined;
  const { level, message, error } = record;
  if (level !== "warn" && level !== "error" && level !== "fatal") return undefined;
  return `${level}: ${message}${error === undefined ? "" : ` (${error})`}`.slice(0, 300);
}

type LogRecord = { level: string; message: string; error?: string };

/** Reads an ECS log line; undefined when the line is not one. */
function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    const level = value["log.level"] ?? (value.log as { level?: unknown } | undefined)?.level;
    if (typeof level !== "string") return undefined;
    const message = typeof value.message === "string" ? value.message : "";
    const error = (value.error as { message?: unknown } | undefined)?.message ?? value["error.message"];
    return { level, message, ...(typeof error === "string" && error !== message ? { error } : {}) };
  } catch {
    return undefined;
  }
}

/** Lets at most `limit` lines per `windowMs` through, and says how many it held back. */
export function limitLines(show: (text: string) => void, limit = 15, windowMs = 10_000) {
  let windowStart = 0;
  let shown = 0;
  let held = 0;
  return (text: string, nowMs = Date.now()) => {
    if (nowMs - windowStart > windowMs) {
      if (held > 0) show(`… and ${held} more lines (see its log)`);
      windowStart = nowMs;
      shown = 0;
      held = 0;
    }
    if (shown < limit) {
      shown += 1;
      show(text);
    } else held += 1;
  };
}
