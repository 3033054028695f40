import type { ReactNode } from "react";
import { classes } from "#components/ui/classes.ts";

/** A key to press. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={classes(
        "rounded-[4px] border border-line bg-bg px-[5px] font-medium font-sans text-[12px] text-ink-3 leading-[18px]",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
