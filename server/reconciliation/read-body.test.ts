import { describe, expect, test } from "vitest";
import { readBody } from "#server/reconciliation/read-body.ts";

/** A body in chunks of a byte, and what became of it. */
function aBody(chunks: number, breaksAt = Number.POSITIVE_INFINITY) {
  const seen = { given: 0, isCancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.given === breaksAt) return controller.error(new Error("the connection broke"));
        if (seen.given === chunks) return controller.close();
        seen.given++;
        controller.enqueue(new Uint8Array([seen.given]));
      },
      cancel() {
        seen.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

async function take(bytes: AsyncIterable<Uint8Array>, chunks: number): Promise<number[]> {
  const taken: number[] = [];
  for await (const chunk of bytes) {
    taken.push(...chunk);
    if (taken.length === chunks) break;
  }
  return taken;
}

describe("the body of an upload", () => {
  test("is handed on as it arrives", async () => {
    expect(await take(readBody(aBody(3).body, 10), 10)).toEqual([1, 2, 3]);
    expect(await take(readBody(null, 10), 10)).toEqual([]);
  });

  test("is read to its end though nobody wants the rest, so that its connection is free", async () => {
    const { body, seen } = aBody(50);
    expect(await take(readBody(body, 100), 2)).toEqual([1, 2]);
    expect(seen).toEqual({ given: 50, isCancelled: false });
  });

  test("is let go of where it is too long", async () => {
    const { body, seen } = aBody(50);
    await take(readBody(body, 20), 2);
    expect(seen).toEqual({ given: 21, isCancelled: true });
  });

  test("says that it broke to who reads it, and not to who does not", async () => {
    await expect(take(readBody(aBody(9, 3).body, 20), 9)).rejects.toThrow("the connection broke");
    expect(await take(readBody(aBody(9, 3).body, 20), 2)).toEqual([1, 2]);
  });
});
