// Run after every change of the dependencies: `npm i --package-lock-only && node scripts/complete-lock.mjs`.
//
// A registry that lacks packages built for other platforms makes npm leave them out of the lock file,
// and `npm ci` then refuses that file. This adds them by name and version; an integrity
// hash is not needed for a package that is never installed here.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const exactVersion = /^\d+\.\d+\.\d+(-[\w.-]+)?$/;
const systems = [
  "linux",
  "darwin",
  "win32",
  "freebsd",
  "openbsd",
  "netbsd",
  "sunos",
  "aix",
  "android",
  "openharmony",
];
const processors = [
  "x64",
  "arm64",
  "arm",
  "ia32",
  "ppc64",
  "riscv64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
];

let added = 0;
for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const key = `node_modules/${name}`;
    if (key in lock.packages || !exactVersion.test(version)) continue;
    const words = name.split(/[/-]/);
    const entry = { version, optional: true };
    if (dev) entry.dev = true;
    const os = systems.filter(
      (word) => words.includes(word) || (word === "linux" && words.includes("linuxmusl")),
    );
    const cpu = processors.filter((word) => words.includes(word));
    if (os.length > 0) entry.os = os;
    if (cpu.length > 0) entry.cpu = cpu;
    if (words.includes("musl") || words.includes("linuxmusl")) entry.libc = ["musl"];
    else if (words.includes("gnu")) entry.libc = ["glibc"];
    lock.packages[key] = entry;
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added to package-lock.json`);
