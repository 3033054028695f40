import type { ReactNode, Ref } from "react";
import { classes } from "#components/ui/classes.ts";

/** A named area that scrolls by itself and can be reached by keyboard. */
export function ScrollArea({
  ref,
  label,
  className,
  children,
}: {
  ref?: Ref<HTMLElement>;
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <section
      ref={ref}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={classes(
        "min-w-0 overflow-auto rounded-panel print:max-h-none print:overflow-visible",
        className,
      )}
    >
      {children}
    </section>
  );
}
