import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isDatabaseUnavailable, openPool } from "#server/platform/db.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a database that is frozen, not dead, fails the statement in time and serves again after", async () => {
  const target = new URL(database.url);
  const sockets = new Set<Socket>();
  let frozen = false;
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("data", (bytes) => frozen || far.write(bytes));
    far.on("data", (bytes) => frozen || near.write(bytes));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const url = new URL(database.url);
  url.port = String((proxy.address() as AddressInfo).port);
  const sql = openPool(url.href, { name: "frozen", connectionsMax: 2, statementTimeoutMs: 200 });
  try {
    const one = { name: "one", text: "SELECT 1 AS one" };
    expect(await sql.run(one, [])).toEqual([{ one: 1 }]);
    frozen = true;
    const startedAt = performance.now();
    const failed = await sql.run(one, []).catch((error: unknown) => error);
    expect(isDatabaseUnavailable(failed)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const inTransaction = await sql.transaction(async () => "never").catch((error: unknown) => error);
    expect(isDatabaseUnavailable(inTransaction)).toBe(true);
    frozen = false;
    expect(await sql.run(one, [])).toEqual([{ one: 1 }]);
  } finally {
    await sql.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  }
});
