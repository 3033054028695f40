import { runProgram } from "./bootstrap/bootstrap.mjs";

await runProgram("scripts/bench.ts");
