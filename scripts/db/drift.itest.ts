import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findDrift, migrate } from "#scripts/db/migrate.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/test-database.ts";

const prismaDir = join(import.meta.dirname, "../../prisma");

describe("migrations", () => {
  let database: TestDatabase;
  let scratch: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    scratch = mkdtempSync(join(tmpdir(), "paydeck-drift-"));
  });
  afterAll(async () => {
    rmSync(scratch, { recursive: true });
    await database.drop();
  });

  const databaseNames = async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      "select datname from pg_database where datname like 'paydeck_shadow%'",
    );
    await client.end();
    return rows;
  };

  test("build exactly the database that the Prisma schema describes", async () => {
    expect(await findDrift(database.url)).toBeUndefined();
    expect(await databaseNames(), "the shadow database is dropped").toEqual([]);
  });

  test("are reported as drifted when the schema has something they do not build", async () => {
    const copy = join(scratch, "schema");
    cpSync(join(prismaDir, "models"), join(copy, "models"), { recursive: true });
    cpSync(join(prismaDir, "migrations"), join(copy, "migrations"), { recursive: true });
    cpSync(join(prismaDir, "schema.prisma"), join(copy, "schema.prisma"));
    appendFileSync(join(copy, "schema.prisma"), "\nmodel Forgotten {\n  id Int @id\n}\n");
    expect(await findDrift(database.url, copy)).toContain('CREATE TABLE "Forgotten"');
  });

  test("are applied once, and nothing is left to do afterwards", async () => {
    expect(await migrate(database.url)).toEqual([]);
  });

  test("that fail leave nothing behind and are tried again", async () => {
    const copy = join(scratch, "failing");
    cpSync(prismaDir, copy, { recursive: true, filter: (path) => !path.endsWith("generated") });
    const migration = join(copy, "migrations/99990101000000_half");
    cpSync(join(copy, "migrations", "20261122000000_init"), migration, { recursive: true });
    const sqlPath = join(migration, "migration.sql");
    rmSync(sqlPath);
    appendFileSync(sqlPath, "create table half_done (id int); select 1/0;");
    await expect(migrate(database.url, copy)).rejects.toThrow(/division by zero/);
    rmSync(sqlPath);
    appendFileSync(sqlPath, "create table half_done (id int);");
    expect(await migrate(database.url, copy)).toEqual(["99990101000000_half"]);
  });

  test("of a newer version are refused by an older one", async () => {
    await expect(migrate(database.url)).rejects.toThrow(/99990101000000_half/);
  });
});
