import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isDatabaseUnavailable, openDb, openPool } from "#server/platform/db.ts";
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

test("a connection lost in the middle of a transaction fails that transaction and nothing else", async () => {
  const lost: Error[] = [];
  const sql = openPool(database.url, {
    name: "lost",
    connectionsMax: 1,
    onError: (error) => void lost.push(error),
  });
  const bystander = openPool(database.url, {
    name: "bystander",
    connectionsMax: 1,
    connectTimeoutMs: 15_000,
  });
  try {
    const failed = await sql
      .transaction(async (inside) => {
        const [me] = await inside.run<{ pid: number }>(
          { name: "", text: "SELECT pg_backend_pid() AS pid" },
          [],
        );
        await bystander.run({ name: "", text: "SELECT pg_terminate_backend($1)" }, [me?.pid]);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await inside.run({ name: "", text: "SELECT 1" }, []);
      })
      .catch((error: unknown) => error);
    expect(isDatabaseUnavailable(failed)).toBe(true);
    expect(await sql.run({ name: "", text: "SELECT 1 AS one" }, [])).toEqual([{ one: 1 }]);
  } finally {
    await sql.close();
    await bystander.close();
  }
});

test("an ordinary refusal of a statement costs no connection", async () => {
  const sql = openPool(database.url, { name: "kept", connectionsMax: 1, connectTimeoutMs: 15_000 });
  const pid = { name: "pid", text: "SELECT pg_backend_pid() AS pid" };
  try {
    const before = await sql.run(pid, []);
    await expect(sql.run({ name: "", text: "SELECT 1 / 0" }, [])).rejects.toThrow("division by zero");
    await expect(
      sql.transaction((inside) => inside.run({ name: "", text: "SELECT 1 / 0" }, [])),
    ).rejects.toThrow("division by zero");
    expect(await sql.run(pid, [])).toEqual(before);
  } finally {
    await sql.close();
  }
});

test("a pool says who waits and for how long, and one pool's queue is not another's", async () => {
  const reports = openPool(database.url, { name: "r", connectionsMax: 3, connectTimeoutMs: 10_000 });
  const money = openPool(database.url, { name: "m", connectionsMax: 2 });
  try {
    const long = { name: "", text: "SELECT pg_sleep(0.6)" };
    const asked = Array.from({ length: 5 }, () => reports.run(long, []));
    await expect.poll(() => reports.pressure()).toMatchObject({ connectionsMax: 3, waiting: 2 });
    expect(reports.pressure().longestWaitMs).toBeGreaterThan(0);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => money.run({ name: "one", text: "SELECT 1 AS one" }, [])),
    );
    expect(answers).toHaveLength(50);
    // The money was asked and answered while both reports still waited for a connection.
    expect(reports.pressure().waiting).toBe(2);
    expect(money.pressure()).toEqual({ connectionsMax: 2, waiting: 0, longestWaitMs: 0 });
    await Promise.all(asked);
    expect(reports.pressure().waiting).toBe(0);
  } finally {
    await reports.close();
    await money.close();
  }
});

test("commits are durable and READ COMMITTED, whatever the server's own settings are", async () => {
  const name = new URL(database.url).pathname.slice(1);
  const sql = openPool(database.url, { name: "durable", connectionsMax: 1, connectTimeoutMs: 15_000 });
  const text = `SELECT current_setting('synchronous_commit') AS commits, current_setting('default_transaction_isolation') AS isolation`;
  const expected = [{ commits: "on", isolation: "read committed" }];
  await sql.run({ name: "weaken-commits", text: `ALTER DATABASE ${name} SET synchronous_commit = off` }, []);
  const isolation = `ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`;
  await sql.run({ name: "raise-isolation", text: isolation }, []);
  await sql.close();
  const again = openPool(database.url, { name: "durable", connectionsMax: 1, connectTimeoutMs: 15_000 });
  const db = openDb(database.url, 1, 15_000);
  try {
    expect(await again.run({ name: "settings", text }, [])).toEqual(expected);
    expect(await db.$queryRawUnsafe(text)).toEqual(expected);
  } finally {
    await again.close();
    await db.$disconnect();
  }
});
