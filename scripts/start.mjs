import { runProgram } from "./bootstrap/bootstrap.mjs";

await runProgram("scripts/supervise.ts");
