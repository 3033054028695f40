import { classes } from "#components/ui/classes.ts";
import { outcomeLooks } from "#components/x-view/outcome-looks.ts";
import type { XViewOutcome } from "#server/x-view/x-view.values.ts";

const tones = {
  ok: "text-ok",
  run: "text-run",
  warn: "text-warn",
  bad: "text-bad",
  rev: "text-rev",
  mute: "text-mute",
  unk: "text-unk",
} as const;

/** The shape that stands for an outcome in the scatter, beside its word. */
export function OutcomeShape({ outcome, className }: { outcome: XViewOutcome; className?: string }) {
  const { tone, path } = outcomeLooks[outcome];
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      className={classes("size-3 shrink-0 fill-current", tones[tone], className)}
    >
      <path d={path} />
    </svg>
  );
}

/** An outcome as a table says it: its shape and its word in its tone; only an unknown one is loud. */
export function OutcomeLabel({ outcome, label }: { outcome: XViewOutcome; label: string }) {
  const isLoud = outcome === "unknown";
  return (
    <span
      className={classes(
        "inline-flex h-[22px] items-center gap-1 whitespace-nowrap rounded-chip text-meta",
        isLoud ? "bg-unk-solid pr-[7px] pl-[5px] font-semibold text-white" : "font-medium",
        !isLoud && tones[outcomeLooks[outcome].tone],
      )}
    >
      <OutcomeShape outcome={outcome} className={isLoud ? "text-white" : ""} />
      {label}
    </span>
  );
}
