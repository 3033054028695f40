import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeData } from "#scripts/docs/describe-data.ts";
import { loadSchemaFiles, readSchema, type SchemaFile } from "#scripts/docs/read-schema.ts";
import { renderDictionary } from "#scripts/docs/render-dictionary.ts";

const root = join(import.meta.dirname, "../..");

/** Tables with their columns, and enums with their values, as the statements of all migrations build them. */
function namesInMigrations(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  const of = (name: string) => names.get(name) ?? names.set(name, new Set()).get(name) ?? new Set();
  for (const path of globSync("prisma/migrations/*/migration.sql", { cwd: root }).sort()) {
    const sql = readFileSync(join(root, path), "utf8");
    // What would make the reading below wrong.
    expect(sql, path).not.toMatch(/\b(DROP (COLUMN|TABLE|TYPE)|RENAME (TO|COLUMN|VALUE)|PARTITION BY)\b/i);
    for (const [, name = "", body = ""] of sql.matchAll(/^CREATE TABLE "?(\w+)"? \(\n([\s\S]*?)\n\)/gim))
      for (const [, column = ""] of body.matchAll(/^\s+"(\w+)" /gm)) of(name).add(column);
    for (const [, name = "", body = ""] of sql.matchAll(/^ALTER TABLE "?(\w+)"?\s([^;]*);/gim))
      for (const [, column = ""] of body.matchAll(/ADD COLUMN\s+"?(\w+)"?/gi)) of(name).add(column);
    for (const [, name = "", body = ""] of sql.matchAll(/^CREATE TYPE "?(\w+)"? AS ENUM \(([^)]*)\)/gim))
      for (const [, value = ""] of body.matchAll(/'(\w+)'/g)) of(name).add(value);
    for (const [, name = "", value = ""] of sql.matchAll(/^ALTER TYPE "?(\w+)"? ADD VALUE '(\w+)'/gim))
      of(name).add(value);
  }
  return names;
}

const sorted = (names: Iterable<readonly [string, Iterable<string>]>) =>
  Object.fromEntries([...names].map(([name, parts]) => [name, [...parts].sort()]));

describe("the data dictionary", () => {
  const description = describeData(readSchema(loadSchemaFiles(root)));

  test("finds a meaning, a unit, an owner and a retention for everything in the schema", () => {
    expect(description.problems, "say it in the comments of prisma/models").toEqual([]);
  });

  test("is what the comments say today", () => {
    const written = readFileSync(join(root, "docs/data-dictionary.md"), "utf8");
    expect(written === renderDictionary(description), "docs/data-dictionary.md is stale: npm run docs").toBe(
      true,
    );
  });

  test("has every table, column and value that the migrations build, and no other", () => {
    const { tables, enums } = description;
    expect(
      sorted([
        ...tables.map(({ name, columns }) => [name, columns.map((column) => column.name)] as const),
        ...enums.map(({ name, values }) => [name, values.map((value) => value.name)] as const),
      ]),
    ).toEqual(sorted(namesInMigrations()));
  });
});

describe("a schema", () => {
  const good = `/// Where a thing stands.
/// @ko 상태
enum ThingStatus {
  /// It is there. @ko 있음
  THERE

  @@map("thing_status")
}

/// A thing.
/// @ko 물건 @owner payments
/// @retention 5 years: a law; nothing deletes it
model Thing {
  /// Names the thing.
  id          String      @id
  /// Where it stands.
  status      ThingStatus
  /// What it costs.
  amountMinor BigInt      @map("amount_minor")
  /// How often it was asked for. @unit count
  asked       Int
  /// When it was made; the \`partNo\` of a \`Part\` is another's, its \`amountMinor\` its own.
  createdAt   DateTime    @map("created_at") @db.Timestamptz(3)
  /// Its maker's address. @personal
  email       String?
  /// Of its picture. @unit SHA-256, 32 bytes @retention 1 day: our choice; a job deletes it
  hash        Bytes

  parts Part[]

  /// For the list.
  @@index([createdAt(sort: Desc)])
  @@map("thing")
}

/// A part of a thing.
/// @owner payments
/// @retention 1 day: our choice; deleted with its thing
model Part {
  /// The thing.
  thingId String @map("thing_id")
  /// Its place in the thing.
  partNo  Int    @map("part_no")

  thing Thing @relation(fields: [thingId], references: [id])

  @@id([thingId, partNo])
  @@map("part")
}
`;
  const describeText = (text: string, path = "prisma/models/payments.prisma") => {
    const files: SchemaFile[] = [{ path, text }];
    return describeData(readSchema(files));
  };
  /** The good schema with one place of it changed. */
  const broken = (from: string, to: string) => {
    expect(good).toContain(from);
    return good.replace(from, to);
  };

  test("with all that is needed has no problem, and its units follow its names", () => {
    const { problems, tables, enums } = describeText(good);
    expect(problems).toEqual([]);
    expect(tables[0]?.columns.map(({ name, type, unit }) => [name, type, unit])).toEqual([
      ["id", "text", "none"],
      ["status", "thing_status", "none"],
      ["amount_minor", "bigint", "minor units of KRW"],
      ["asked", "integer", "count"],
      ["created_at", "timestamptz(3)", "UTC"],
      ["email", "text", "none"],
      ["hash", "bytea", "SHA-256, 32 bytes"],
    ]);
    expect(tables[0]).toMatchObject({
      korean: "물건",
      owner: "payments",
      retention: { period: "5 years", basis: "a law", end: "nothing deletes it" },
    });
    expect(tables[0]?.columns[4]?.meaning).toBe(
      "When it was made; the `partNo` of a `part` is another's, its `amount_minor` its own.",
    );
    expect(tables[0]?.columns[5]).toMatchObject({ name: "email", isNullable: true, isPersonal: true });
    expect(tables[0]?.columns[6]).toMatchObject({ name: "hash", retention: { period: "1 day" } });
    expect(tables[1]?.columns.map(({ name, unit, isKey }) => [name, unit, isKey])).toEqual([
      ["thing_id", "none", true],
      ["part_no", "ordinal", true],
    ]);
    expect(enums[0]?.values).toMatchObject([{ name: "THERE", meaning: "It is there.", korean: "있음" }]);
  });

  test.each([
    ["a column without a meaning", "  /// Names the thing.\n", "", "Thing.id: its meaning is missing"],
    ["a column with tags alone", "Its maker's address. @", "@", "Thing.email: its meaning is missing"],
    [
      "a meaning that is cut off",
      "What it costs.",
      "What",
      "Thing.amountMinor: its meaning is no whole sentence",
    ],
    [
      "a value without a meaning",
      "  /// It is there. @ko 있음\n",
      "",
      "ThingStatus.THERE: its meaning is missing",
    ],
    ["an enum without a meaning", "Where a thing stands.\n", "\n", "ThingStatus: its meaning is missing"],
    ["a table without a meaning", "/// A part of a thing.\n", "", "Part: its meaning is missing"],
    ["a table without an owner", "@ko 물건 @owner payments", "@ko 물건", "Thing: its @owner is missing"],
    ["an owner nobody knows", "@owner payments", "@owner finance", "nobody knows the owner finance"],
    [
      "a table without a retention",
      "/// @retention 5 years: a law; nothing deletes it\n",
      "",
      "@retention is missing",
    ],
    ["a retention without a reason", "5 years: a law; nothing", "5 years; nothing", "is not of the shape"],
    ["a retention of a column without an end", "; a job deletes it", "", "is not of the shape"],
    ["a number without a unit", " @unit count", "", "Thing.asked: name and type do not say its unit"],
    ["bytes without a unit", "@unit SHA-256, 32 bytes ", "", "Thing.hash: name and type do not say its unit"],
    [
      "a time without its zone",
      " @db.Timestamptz(3)",
      "",
      "Thing.createdAt: name and type do not say its unit",
    ],
    ["a unit that the name says", "What it costs.", "What it costs. @unit minor units of KRW", "already"],
    ["a tag nobody knows", "@personal", "@private", "@private means nothing here"],
    ["a tag of tables at a column", "@personal", "@owner payments", "@owner means nothing here"],
    ["a tag without words", "@unit count", "@unit", "@unit says nothing"],
    ["a mark with words", "@personal", "@personal mail", "@personal takes no words"],
    ["a tag said twice", "@personal", "@personal @personal", "@personal is said twice"],
  ])("with %s is told where", (_, from, to, problem) => {
    const { problems } = describeText(broken(from, to));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^prisma\/models\/payments\.prisma:\d+ /);
    expect(problems.join("\n")).toContain(problem);
  });

  test.each([
    ["a line it does not know", "  parts Part[]\n", "  parts: Part[]\n", /:29: cannot read/],
    ["a type it does not know", "asked       Int", "asked       Decimal", /nobody knows the type Decimal/],
    ["a comment behind a column", "asked       Int", "asked       Int /// Often.", /cannot read/],
    ["a comment of nothing", "  parts Part[]\n", "  parts Part[]\n\n  /// Of nothing.\n", /is of nothing/],
    ["a comment with two strokes", "/// Names the thing.", "// Names the thing.", /as \/\/\//],
    ["a block without an end", '  @@map("part")\n}\n', '  @@map("part")\n', /Part has no end/],
  ])("with %s is refused", (_, from, to, error) => {
    expect(() => describeText(broken(from, to))).toThrow(error);
  });

  test("of a file that is no domain of the dictionary is refused", () => {
    const description = describeText(good, "prisma/models/vouchers.prisma");
    expect(() => renderDictionary(description)).toThrow(/vouchers\.prisma has no title/);
  });
});
