import type { Schema, SchemaColumn, SchemaEnum, SchemaModel } from "#scripts/docs/read-schema.ts";

/** Who answers for a table: whether its words are right, who may change it and how long it is kept. */
export const owners = {
  payments: { ko: "결제", answersFor: "approvals, cancels, net cancels and what malls may repeat" },
  settlement: { ko: "정산", answersFor: "contracts, batches, payouts, the ledger and the holiday calendar" },
  reconciliation: { ko: "대사", answersFor: "files of VANs and banks, and what differs from ours" },
  malls: { ko: "가맹점", answersFor: "malls, their keys and the networks they call from" },
  webhooks: { ko: "웹훅", answersFor: "what malls are told and whether it arrived" },
  van: { ko: "VAN 연동", answersFor: "what is agreed with VANs and said to them" },
  operations: { ko: "운영", answersFor: "work that operators do in the console and what they take away" },
  security: { ko: "보안·감사", answersFor: "people, sessions, second persons and the audit log" },
  platform: {
    ko: "플랫폼",
    answersFor: "the queue, the verifier, incidents and figures of the running system",
  },
} as const;
export type Owner = keyof typeof owners;

/** How long something is kept: the period, what asks for it and what ends it. */
export type Retention = Readonly<{ period: string; basis: string; end: string }>;

type Described = Readonly<{ meaning: string; korean: string }>;

export type Column = Described &
  Readonly<{
    name: string;
    type: string;
    isNullable: boolean;
    unit: string;
    isKey: boolean;
    isUnique: boolean;
    isPersonal: boolean;
    isSecret: boolean;
    /** Where it differs from the table's. */
    retention: Retention | undefined;
  }>;

export type Table = Described &
  Readonly<{
    name: string;
    model: string;
    path: string;
    owner: Owner;
    retention: Retention;
    columns: readonly Column[];
  }>;

export type Enumeration = Described &
  Readonly<{
    name: string;
    path: string;
    values: readonly (Described & Readonly<{ name: string }>)[];
  }>;

export type DataDescription = Readonly<{
  tables: readonly Table[];
  enums: readonly Enumeration[];
  /** What is missing or cannot be read, each with its place; the rest is of use only when this is empty. */
  problems: readonly string[];
}>;

type Tag = "ko" | "owner" | "retention" | "unit" | "personal" | "secret";
type Tags = Partial<Record<Tag, string>>;
type Tell = (problem: string) => void;

const tagsOf = {
  table: ["ko", "owner", "retention"],
  column: ["ko", "unit", "retention", "personal", "secret"],
  enum: ["ko"],
} as const satisfies Record<string, readonly Tag[]>;

const marks: readonly Tag[] = ["personal", "secret"];

/**
 * What the comments of the schema say. A comment is a meaning in whole sentences, then tags: `@ko` the product's Korean
 * word, `@owner` and `@retention` of a table (its columns inherit them; a column may have a retention of its own), `@unit`
 * of a column whose name and type do not say it, `@personal` and `@secret` of columns that need care.
 */
export function describeData(schema: Schema): DataDescription {
  const problems: string[] = [];
  const about =
    (place: string, name: string): Tell =>
    (problem) =>
      problems.push(`${place} ${name}: ${problem}`);
  const tables = schema.models.map((model) => describeTable(model, schema, about));
  const enums = schema.enums.map(({ typeName, path, place, name, comment, values }) => ({
    name: typeName,
    path,
    ...readComment(comment, tagsOf.enum, about(place, name)),
    values: values.map((value) => ({
      name: value.name,
      ...readComment(value.comment, tagsOf.enum, about(value.place, `${name}.${value.name}`)),
    })),
  }));
  return { tables, enums, problems };
}

function describeTable(
  model: SchemaModel,
  { models, enums }: Schema,
  about: (place: string, name: string) => Tell,
): Table {
  const tell = about(model.place, model.name);
  const { tags, ...described } = readComment(model.comment, tagsOf.table, tell);
  const hasCurrency = model.columns.some(({ name }) => name === "currency");
  const names = new Map([
    ...models.map(({ name, tableName }) => [name, tableName] as const),
    ...model.columns.map(({ name, columnName }) => [name, columnName] as const),
  ]);
  return {
    ...described,
    meaning: inDatabaseNames(described.meaning, names),
    name: model.tableName,
    model: model.name,
    path: model.path,
    owner: readOwner(tags.owner, tell),
    retention: readRetention(tags.retention, tell),
    columns: model.columns.map((column) => {
      const tell = about(column.place, `${model.name}.${column.name}`);
      const described = describeColumn(column, { enums, hasCurrency }, tell);
      return { ...described, meaning: inDatabaseNames(described.meaning, names) };
    }),
  };
}

/** The schema says `expiresAt`, a reader of the database knows `expires_at`. */
function inDatabaseNames(meaning: string, names: ReadonlyMap<string, string>): string {
  return meaning.replace(/`(\w+)`/g, (quoted, name: string) =>
    names.has(name) ? `\`${names.get(name)}\`` : quoted,
  );
}

function describeColumn(
  column: SchemaColumn,
  { enums, hasCurrency }: Readonly<{ enums: readonly SchemaEnum[]; hasCurrency: boolean }>,
  tell: Tell,
): Column {
  const { tags, ...described } = readComment(column.comment, tagsOf.column, tell);
  const derived = unitBySpelling(column, enums, hasCurrency);
  if (!tags.unit && !derived) tell("name and type do not say its unit: say it with @unit");
  if (tags.unit && tags.unit === derived) tell(`@unit ${tags.unit} is said by its name and type already`);
  return {
    ...described,
    name: column.columnName,
    type: databaseTypeOf(column, enums),
    isNullable: column.isNullable,
    unit: tags.unit ?? derived ?? "",
    isKey: column.isKey,
    isUnique: column.isUnique,
    isPersonal: tags.personal !== undefined,
    isSecret: tags.secret !== undefined,
    retention: tags.retention === undefined ? undefined : readRetention(tags.retention, tell),
  };
}

/** Takes a comment apart into its meaning and its tags, and tells what is missing, unknown or said twice. */
function readComment(
  comment: string,
  known: readonly Tag[],
  tell: Tell,
): Described & Readonly<{ tags: Tags }> {
  const [meaning = "", ...said] = comment.split(/(?:^|\s+)@(?=[a-z]+(?:\s|$))/);
  const tags: Tags = {};
  for (const one of said) {
    const [name = "", ...words] = one.split(" ");
    const value = words.join(" ").trim();
    const tag = known.find((each) => each === name);
    if (!tag) tell(`@${name} means nothing here`);
    else if (tags[tag] !== undefined) tell(`@${name} is said twice`);
    else if (marks.includes(tag) !== (value === ""))
      tell(value ? `@${name} takes no words` : `@${name} says nothing`);
    else tags[tag] = value;
  }
  if (!meaning) tell("its meaning is missing");
  else if (!/\.$/.test(meaning)) tell("its meaning is no whole sentence: it ends without a full stop");
  return { meaning, korean: tags.ko ?? "", tags };
}

function readOwner(text: string | undefined, tell: Tell): Owner {
  const owner = (Object.keys(owners) as Owner[]).find((each) => each === text);
  if (!owner) tell(text ? `nobody knows the owner ${text}` : "its @owner is missing");
  return owner ?? "platform";
}

/** Reads `period: basis; end`. */
function readRetention(text: string | undefined, tell: Tell): Retention {
  const [, period = "", basis = "", end = ""] = /^([^:;]+): ([^;]+); ([^;]+)$/.exec(text ?? "") ?? [];
  if (text === undefined) tell("its @retention is missing");
  else if (!period) tell("@retention is not of the shape `period: what asks for it; what ends it`");
  return { period, basis, end };
}

/** The unit that name and type say by the naming convention; `none` for text, keys and the like, undefined where nothing says it. */
function unitBySpelling(
  { name, type, nativeType, isKey }: SchemaColumn,
  enums: readonly SchemaEnum[],
  hasCurrency: boolean,
): string | undefined {
  if (type === "DateTime") {
    if (nativeType?.startsWith("Timestamptz")) return "UTC";
    return nativeType === "Date" && /Date$/.test(name) ? "business date, Asia/Seoul" : undefined;
  }
  if (type === "Boolean" || type === "Json" || enums.some((one) => one.name === type)) return "none";
  if (type === "String") return nativeType === undefined ? "none" : undefined;
  if (type === "Bytes") return undefined;
  // What is left are numbers.
  if (/Minor$/.test(name)) return hasCurrency ? "minor units of `currency`" : "minor units of KRW";
  if (/Ms$/.test(name)) return "ms";
  if (/E5$/.test(name)) return "1/100,000";
  if (/[bB]yteCount$/.test(name)) return "bytes";
  if (/Count$/.test(name)) return "count";
  if (/No$/.test(name) || name === "generation") return "ordinal";
  if (/Id$/.test(name) || (name === "id" && isKey)) return "none";
  return undefined;
}

const databaseTypes: Readonly<Record<string, string>> = {
  BigInt: "bigint",
  Boolean: "boolean",
  Bytes: "bytea",
  DateTime: "timestamp",
  Float: "double precision",
  Int: "integer",
  Json: "jsonb",
  String: "text",
};

function databaseTypeOf({ type, nativeType, isList }: SchemaColumn, enums: readonly SchemaEnum[]): string {
  const name =
    nativeType?.toLowerCase() ??
    databaseTypes[type] ??
    enums.find((one) => one.name === type)?.typeName ??
    type;
  return isList ? `${name}[]` : name;
}
