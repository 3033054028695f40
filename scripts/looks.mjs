import { runProgram } from "./bootstrap/bootstrap.mjs";

await runProgram("scripts/looks.ts");
