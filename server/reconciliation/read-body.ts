/**
 * The bytes of a request as they arrive. Whoever stops before the end has the rest read away, up to `bytesMax` altogether:
 * a connection on which half a body lies unread answers nothing that is asked on it next, and a browser asks on it.
 */
export async function* readBody(
  body: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  let bytes = 0;
  let isOver = false;
  async function next(): Promise<Uint8Array | undefined> {
    const { done, value } = await reader.read();
    isOver = done;
    bytes += value?.length ?? 0;
    return value;
  }
  try {
    for (let chunk = await next(); chunk; chunk = await next()) yield chunk;
  } finally {
    // One that broke off or is too long has no next question to wait for.
    while (!isOver && bytes <= bytesMax) await next().catch(() => (isOver = true));
    if (!isOver) await reader.cancel().catch(() => undefined);
  }
}
