import { createLucideIcon } from "lucide-react";

/** The outline of an unknown outcome: a diamond with a question mark; lucide has the two only apart. */
export const DiamondQuestion = createLucideIcon("diamond-question", [
  ["path", { d: "M12 1.8 22.2 12 12 22.2 1.8 12z", key: "diamond" }],
  ["path", { d: "M9.75 9.75a2.25 2.25 0 1 1 3.3 1.95c-.75.45-1.05.9-1.05 1.65", key: "hook" }],
  ["path", { d: "M12 16.5v.01", key: "dot" }],
]);
