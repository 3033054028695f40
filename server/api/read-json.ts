import { Refusal } from "#server/core/refusals.ts";

/** The largest body a mall may send (contract §2). */
export const bodyBytesMax = 64 * 1024;
const depthMax = 8;
const keysMax = 200;

/**
 * Reads the body of a mall's request as strict JSON: UTF-8, at most 64 KiB, eight levels and 200 keys, no key twice, no
 * NUL and no lone surrogate. Throws `REQUEST_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE`, `INVALID_REQUEST`.
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type))
    throw new Refusal("UNSUPPORTED_MEDIA_TYPE");
  const encoding = request.headers.get("content-encoding");
  if (encoding && encoding !== "identity") throw new Refusal("UNSUPPORTED_MEDIA_TYPE");
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax)
    throw new Refusal("REQUEST_TOO_LARGE");
  return parseStrictJson(await readBody(request));
}

async function readBody(request: Request): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > bodyBytesMax) throw new Refusal("REQUEST_TOO_LARGE");
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** Parses such a body. Throws `INVALID_REQUEST` and never anything else. */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("INVALID_REQUEST", { field: "body" });
  }
  if (text.charCodeAt(0) === 0xfeff) throw new Refusal("INVALID_REQUEST", { field: "body" });
  scan(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("INVALID_REQUEST", { field: "body" });
  }
  if (hasBrokenText(value)) throw new Refusal("INVALID_REQUEST", { field: "body" });
  return value;
}

/** Walks the text once before it is parsed: depth and keys are counted, and a key that comes twice in one object is refused. */
function scan(text: string): void {
  const names: (Set<string> | null)[] = [];
  let keys = 0;
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") {
      names.push(char === "{" ? new Set() : null);
      if (names.length > depthMax) throw new Refusal("INVALID_REQUEST", { field: "body" });
      expectsKey = char === "{";
    } else if (char === "}" || char === "]") {
      names.pop();
      expectsKey = false;
    } else if (char === ",") {
      expectsKey = names.at(-1) instanceof Set;
    } else if (char === '"') {
      const end = endOfString(text, at);
      const owner = names.at(-1);
      if (expectsKey && owner) {
        const name = keyOf(text.slice(at, end + 1));
        if (owner.has(name) || name === "__proto__" || ++keys > keysMax)
          throw new Refusal("INVALID_REQUEST", { field: "body" });
        owner.add(name);
        expectsKey = false;
      }
      at = end;
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  throw new Refusal("INVALID_REQUEST", { field: "body" });
}

/** A key as it will be read: `"a"` and `"\u0061"` are the same. */
function keyOf(quoted: string): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new Refusal("INVALID_REQUEST", { field: "body" });
  }
}

/** PostgreSQL takes no NUL, and a lone surrogate would be stored as something else. */
function hasBrokenText(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed();
  if (Array.isArray(value)) return value.some(hasBrokenText);
  if (value !== null && typeof value === "object")
    return Object.entries(value).some(([key, inner]) => hasBrokenText(key) || hasBrokenText(inner));
  return false;
}
