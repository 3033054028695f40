// Imports point inward: app/, components/, workers/ and scripts/ call server/, never the reverse. Inside
// server/ a module enters another only through its use cases, jobs and domain types. Each rule says
// why it exists; none has an exception list. `scripts/checks/boundaries.test.ts` breaks each on purpose.

const tests = "\\.(test|itest|spec)\\.tsx?$";
/** Folders of server/ that are not business modules: what every module stands on, and what stands on all of them. */
const shared = "(core|platform|testing)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "a-screen-brings-one-language",
      comment:
        "Screens take their texts from useTexts; a catalogue that they import is loaded in every language.",
      severity: "error",
      from: { path: "^components/", pathNot: "^components/i18n/|\\.test\\.ts$" },
      to: {
        path: "^components/i18n/((ko|en)(\\.ts|/)|packs/|catalogues\\.ts)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "no-circles",
      comment: "Two files that need each other are one file, or miss a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "imports-resolve",
      comment: "An import that leads nowhere fails at run time, in the process that needs it least.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "server-knows-no-caller",
      comment: "The server works the same whoever calls it: page, worker, script.",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^(app|components|workers|scripts|e2e|bench)/" },
    },
    {
      name: "repositories-are-private",
      comment: "A table has one owner. Other modules ask its use cases, so a rule about a row has one home.",
      severity: "error",
      from: { path: "^server/([^/]+)/" },
      to: { path: "^server/.+-repository\\.ts$", pathNot: "^server/$1/" },
    },
    {
      name: "outside-meets-no-repository",
      comment: "Pages, workers and components call use cases; permission and audit live there.",
      severity: "error",
      from: { path: "^(app|components|workers)/", pathNot: tests },
      to: { path: ["^server/.+-repository\\.ts$", "^prisma/", "node_modules/(@prisma|pg)/"] },
    },
    {
      name: "routers-are-private",
      comment: "A router is the doorway of its module; only the tRPC root collects them.",
      severity: "error",
      from: { path: "^(?!server/trpc/)([^/]+/[^/]+)/" },
      to: { path: "^server/.+-router\\.ts$", pathNot: "^$1/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "module-insides-are-private",
      comment: "Folders inside a module are its own affair, apart from domain/.",
      severity: "error",
      from: { path: "^server/([^/]+)/", pathNot: ["^server/testing/", tests] },
      to: {
        path: "^server/[^/]+/[^/]+/",
        pathNot: [`^server/($1|api|${shared})/`, "^server/[^/]+/domain/"],
      },
    },
    {
      name: "domain-is-pure",
      comment: "Rules about money can be read, tested and trusted without a database or a clock.",
      severity: "error",
      from: { path: "^server/[^/]+/domain/", pathNot: tests },
      to: { pathNot: "^server/(core|[^/]+/domain)/" },
    },
    {
      name: "core-is-pure",
      comment: "Everything stands on core; it stands on nothing that can wait or fail.",
      severity: "error",
      from: { path: "^server/core/", pathNot: tests },
      to: {
        path: [
          "^(app|components|workers|scripts|prisma)/",
          "^server/(?!core/)",
          "^(node:)?(fs|net|http|https|tls|dns|dgram|child_process|worker_threads)(/|$)",
          "node_modules/(pg|ioredis|bullmq|@prisma|next|undici)/",
        ],
      },
    },
    {
      name: "components-see-types-only",
      comment: "What a component imports as a value ends up in the browser: shapes may, servers may not.",
      severity: "error",
      from: { path: "^components/", pathNot: tests },
      to: { path: "^server/", pathNot: "\\.(schemas|values)\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "sql-in-repositories",
      comment:
        "Only repositories, queries and the platform hold a connection; the rest states what it wants.",
      severity: "error",
      from: {
        path: "^server/",
        pathNot: ["^server/(platform|testing)/", "-(repository|queries)\\.ts$", tests],
      },
      to: {
        path: ["^prisma/", "node_modules/(pg|pg-copy-streams|@prisma)/"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "queues-behind-the-outbox",
      comment: "A job that is queued directly can exist without the change it belongs to (or the reverse).",
      severity: "error",
      from: { path: "^(app|components|server)/", pathNot: ["^server/platform/", tests] },
      to: { path: "node_modules/bullmq/" },
    },
    {
      name: "sandbox-stays-outside",
      comment:
        "The platform talks to a VAN over its protocol; knowing the simulator would make the tests prove nothing.",
      severity: "error",
      from: { path: "^(app|components|workers|server)/", pathNot: ["^server/(van/sandbox|testing)/", tests] },
      to: { path: "^server/van/sandbox/" },
    },
    {
      name: "nothing-runs-on-tests",
      comment: "Test files and test helpers are not part of what runs.",
      severity: "error",
      from: { path: "^(app|components|workers|server)/", pathNot: ["^server/testing/", tests] },
      to: { path: ["^server/testing/", tests] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(prisma/generated/.+/|\\.next/|\\.data/)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".cjs", ".json", ".css"],
    },
    combinedDependencies: false,
    cache: false,
  },
};
