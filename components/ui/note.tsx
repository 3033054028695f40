import { Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "#components/ui/classes.ts";

/** A remark beside what it is about; `warn` when it asks for care. */
export function Note({ tone = "run", children }: { tone?: "run" | "warn"; children: ReactNode }) {
  const Icon = tone === "warn" ? TriangleAlert : Info;
  return (
    <div
      className={classes("flex gap-2 rounded-panel px-3 py-2", tone === "warn" ? "bg-warn-bg" : "bg-run-bg")}
    >
      <Icon
        aria-hidden
        className={classes("mt-0.5 size-4 shrink-0", tone === "warn" ? "text-warn" : "text-run")}
        strokeWidth={1.5}
      />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
