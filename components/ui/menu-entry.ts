import type { LucideIcon } from "lucide-react";

/** A line of a menu: something to do, or somewhere to go. */
export type MenuEntry =
  | "separator"
  | Readonly<{
      label: string;
      icon?: LucideIcon;
      /** It takes something away: last, and in red. */
      destructive?: boolean;
      onSelect: () => void;
    }>
  | Readonly<{ label: string; icon?: LucideIcon; href: string }>;

/** One of a few, at the head of a menu; `label` says of what, where the menu is about more. */
export type MenuChoice = Readonly<{
  label?: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly Readonly<{ value: string; label: string; icon: LucideIcon }>[];
}>;
