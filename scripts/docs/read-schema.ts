import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One file of the Prisma schema; `path` is told where something in it is wrong. */
export type SchemaFile = Readonly<{ path: string; text: string }>;

/** Where something stands, as `path:line`. */
type Placed = Readonly<{ place: string }>;

export type SchemaColumn = Placed &
  Readonly<{
    name: string;
    columnName: string;
    type: string;
    isList: boolean;
    isNullable: boolean;
    /** Such as `Timestamptz(3)`, where `@db` says it. */
    nativeType: string | undefined;
    isKey: boolean;
    isUnique: boolean;
    comment: string;
  }>;

export type SchemaModel = Placed &
  Readonly<{
    name: string;
    tableName: string;
    path: string;
    comment: string;
    columns: readonly SchemaColumn[];
  }>;

export type SchemaEnum = Placed &
  Readonly<{
    name: string;
    typeName: string;
    path: string;
    comment: string;
    values: readonly (Placed & Readonly<{ name: string; comment: string }>)[];
  }>;

export type Schema = Readonly<{ models: readonly SchemaModel[]; enums: readonly SchemaEnum[] }>;

type Line = Placed & Readonly<{ path: string; text: string; comment: string }>;
type Block = Line & Readonly<{ kind: string; name: string; lines: readonly Line[] }>;

const scalars = ["BigInt", "Boolean", "Bytes", "DateTime", "Float", "Int", "Json", "String"];
const opening = /^(model|enum|generator|datasource) (\w+) \{$/;
const fieldShape = /^(\w+)\s+(\w+)(\[\]|\?)?(?:\s+(@.*))?$/;
const valueShape = /^\w+$/;

/** The files of the project's Prisma schema, by path. */
export function loadSchemaFiles(root: string): SchemaFile[] {
  return globSync("prisma/{schema,models/*}.prisma", { cwd: root })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/**
 * Reads models and enums with the `///` comments above them, relations left out. It knows the part of Prisma's language
 * that this project writes and throws at anything else, so that nothing is passed over: Prisma's own parser is not
 * installed apart from its command.
 */
export function readSchema(files: readonly SchemaFile[]): Schema {
  const blocks = files.flatMap(readBlocks);
  const named = (kind: string) => blocks.filter((block) => block.kind === kind);
  const modelNames = named("model").map(({ name }) => name);
  const types = [...scalars, ...named("enum").map(({ name }) => name)];
  return {
    models: named("model").map((block) => readModel(block, types, modelNames)),
    enums: named("enum").map(readEnum),
  };
}

/** Cuts a file into its blocks; each line comes with the comment above it. */
function readBlocks({ path, text }: SchemaFile): Block[] {
  const blocks: Block[] = [];
  let open: (Omit<Block, "lines"> & { lines: Line[] }) | undefined;
  let comment: string[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    const place = `${path}:${index + 1}`;
    if (line.startsWith("///")) {
      comment.push(line.slice(3).trim());
      continue;
    }
    if (line === "" || line === "}") {
      if (comment.length > 0) throw new Error(`${place}: the comment above is of nothing`);
      if (line === "}") {
        if (!open) throw new Error(`${place}: nothing is open here`);
        blocks.push(open);
        open = undefined;
      }
      continue;
    }
    if (line.startsWith("//")) throw new Error(`${place}: write a comment of the schema as ///`);
    const [, kind, name] = opening.exec(line) ?? [];
    const about = { place, path, text: line, comment: comment.join(" ") };
    comment = [];
    if (open && !kind) open.lines.push(about);
    else if (!open && kind && name) open = { ...about, kind, name, lines: [] };
    else throw new Error(`${place}: cannot read "${line}"`);
  }
  if (open) throw new Error(`${open.place}: ${open.name} has no end`);
  return blocks;
}

function readModel(block: Block, types: readonly string[], modelNames: readonly string[]): SchemaModel {
  const { name, path, place, comment } = block;
  const keys = block.lines.flatMap(
    ({ text }) => /^@@id\(\[([\w, ]+)\]\)$/.exec(text)?.[1]?.split(", ") ?? [],
  );
  const columns = block.lines.flatMap((line): SchemaColumn[] => {
    if (line.text.startsWith("@@")) return [];
    const [, fieldName, type, suffix, attributes = ""] = fieldShape.exec(line.text) ?? [];
    if (!fieldName || !type || attributes.includes("//"))
      throw new Error(`${line.place}: cannot read "${line.text}"`);
    if (modelNames.includes(type)) return [];
    if (!types.includes(type)) throw new Error(`${line.place}: nobody knows the type ${type}`);
    return [
      {
        place: line.place,
        name: fieldName,
        columnName: /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? fieldName,
        type,
        isList: suffix === "[]",
        isNullable: suffix === "?",
        nativeType: /@db\.(\w+(?:\(\d+\))?)/.exec(attributes)?.[1],
        isKey: /@id\b/.test(attributes) || keys.includes(fieldName),
        isUnique: /@unique\b/.test(attributes),
        comment: line.comment,
      },
    ];
  });
  return { name, path, place, comment, columns, tableName: mappedName(block) };
}

function readEnum(block: Block): SchemaEnum {
  const { name, path, place, comment } = block;
  const values = block.lines
    .filter(({ text }) => !text.startsWith("@@"))
    .map((line) => {
      if (!valueShape.test(line.text)) throw new Error(`${line.place}: cannot read "${line.text}"`);
      return { place: line.place, name: line.text, comment: line.comment };
    });
  return { name, path, place, comment, values, typeName: mappedName(block) };
}

function mappedName({ name, lines }: Block): string {
  return lines.map(({ text }) => /^@@map\("(\w+)"\)$/.exec(text)?.[1]).find(Boolean) ?? name;
}
