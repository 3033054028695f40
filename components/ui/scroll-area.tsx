import type { ReactNode, Ref } from "react";
import { classes } from "#components/ui/classes.ts";

/** A named area that scrolls by itself and can be reached by keyboard. A group, not a landmark: a page may hold many. */
export function ScrollArea({
  ref,
  label,
  className,
  children,
}: {
  ref?: Ref<HTMLDivElement>;
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups controls, this is content
    <div
      ref={ref}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={classes(
        "min-w-0 overflow-auto rounded-panel print:max-h-none print:overflow-visible",
        className,
      )}
    >
      {children}
    </div>
  );
}
