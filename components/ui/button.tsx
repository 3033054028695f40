import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { classes } from "#components/ui/classes.ts";

const looks = {
  /** At most one in a view. */
  primary: "border-accent bg-accent text-on-accent hover:border-accent-hover hover:bg-accent-hover",
  secondary: "border-line-2 bg-surface text-ink hover:bg-hover",
  ghost: "border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink",
  /** Destructive on a page: an outline that opens a preview. */
  danger: "border-bad bg-surface text-bad hover:bg-bad-bg",
  /** Destructive as the last step of a sheet, naming amount and verb; nowhere else. */
  dangerSolid: "border-danger bg-danger text-white hover:border-danger-hover hover:bg-danger-hover",
} as const;

const sizes = {
  small: "h-7 px-2.5 max-wide:h-9",
  normal: "h-8 px-3 max-wide:h-10",
  /** The last step of a sheet. */
  large: "h-10 px-4 text-section font-semibold max-wide:h-11",
  icon: "size-8 max-wide:size-10",
  iconSmall: "size-6",
} as const;

export type ButtonLook = keyof typeof looks;
export type ButtonSize = keyof typeof sizes;

/** The classes of a button, for links and triggers that look like one. */
export function buttonClasses(look: ButtonLook = "secondary", size: ButtonSize = "normal"): string {
  return classes(
    "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-medium no-underline transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50",
    looks[look],
    sizes[size],
  );
}

type ButtonProps = ComponentProps<"button"> & {
  look?: ButtonLook;
  size?: ButtonSize;
  /** Shows that the click is being carried out; further clicks do nothing and focus stays. */
  busy?: boolean;
  /** Renders the single child (a link) with the look of a button. */
  asChild?: boolean;
  children?: ReactNode;
};

/** A button. `type="button"` unless said otherwise, so that it never submits by accident. */
export function Button({
  look,
  size,
  busy = false,
  asChild = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const merged = classes(buttonClasses(look, size), className);
  if (asChild) {
    return (
      <Slot.Root className={merged} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      {...rest}
      className={merged}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest["aria-disabled"] || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <LoaderCircle aria-hidden className="size-4 animate-busy" strokeWidth={1.5} /> : null}
      {children}
    </button>
  );
}
