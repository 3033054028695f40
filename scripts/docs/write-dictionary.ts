import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeData } from "#scripts/docs/describe-data.ts";
import { loadSchemaFiles, readSchema } from "#scripts/docs/read-schema.ts";
import { renderDictionary } from "#scripts/docs/render-dictionary.ts";

const root = join(import.meta.dirname, "../..");
const path = "docs/data-dictionary.md";

const description = describeData(readSchema(loadSchemaFiles(root)));
if (description.problems.length > 0) {
  console.error(description.problems.join("\n"));
  console.error(`${path} is as it was: the comments above do not say all that it needs.`);
  process.exitCode = 1;
} else {
  writeFileSync(join(root, path), renderDictionary(description));
  console.log(`${path}: ${description.tables.length} tables, ${description.enums.length} enums.`);
}
