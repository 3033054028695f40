"use client";

import { Check } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import { type ReactNode, type RefObject, useId } from "react";
import { classes } from "#components/ui/classes.ts";
import type { MenuChoice, MenuEntry } from "#components/ui/menu-entry.ts";

const itemClasses =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-[4px] px-2 no-underline outline-none data-[disabled]:cursor-not-allowed data-[highlighted]:bg-hover data-[disabled]:text-ink-3 max-wide:min-h-10";

/** The floating half of `Menu`, loaded when somebody is about to open it. */
export function MenuPanel({
  labelledBy,
  align,
  open,
  onOpenChange,
  trigger,
  head,
  entries,
  choice,
}: {
  labelledBy: string;
  align: "start" | "end";
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: RefObject<HTMLElement | null>;
  head?: ReactNode;
  entries: readonly MenuEntry[];
  choice?: MenuChoice | undefined;
}) {
  const id = useId();
  return (
    <DropdownMenu.Root open={open} onOpenChange={onOpenChange}>
      {/* Only the place: the button under it was there before this came. */}
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="pointer-events-none absolute inset-0" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-labelledby={labelledBy}
          className="z-50 min-w-40 animate-appear rounded-panel border border-line-2 bg-surface p-1 shadow-float"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Whoever pressed a key in the moment since is elsewhere.
            if (document.activeElement === document.body) trigger.current?.focus();
          }}
        >
          {head}
          {choice ? (
            <DropdownMenu.RadioGroup
              value={choice.value}
              onValueChange={choice.onChange}
              aria-label={choice.label}
            >
              {choice.label ? (
                <DropdownMenu.Label className="px-2 pt-1 pb-0.5 text-ink-3 text-meta">
                  {choice.label}
                </DropdownMenu.Label>
              ) : null}
              {choice.options.map(({ value, label, icon: Icon }) => (
                <DropdownMenu.RadioItem
                  key={value}
                  value={value}
                  className={classes(itemClasses, "text-ink")}
                >
                  <Icon aria-hidden className="size-4 text-ink-3" strokeWidth={1.5} />
                  <span className="flex-1">{label}</span>
                  <DropdownMenu.ItemIndicator>
                    <Check aria-hidden className="size-4 text-link" strokeWidth={1.75} />
                  </DropdownMenu.ItemIndicator>
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
          ) : null}
          {entries.map((entry, index) => {
            if (entry === "separator")
              // biome-ignore lint/suspicious/noArrayIndexKey: separators are all alike and never move
              return <DropdownMenu.Separator key={`${id}-${index}`} className="my-1 h-px bg-line" />;
            const { label, icon: Icon } = entry;
            const words = (
              <>
                {Icon ? <Icon aria-hidden className="size-4 text-ink-3" strokeWidth={1.5} /> : null}
                {label}
              </>
            );
            return "href" in entry ? (
              <DropdownMenu.Item key={label} asChild className={classes(itemClasses, "text-ink")}>
                <Link href={entry.href}>{words}</Link>
              </DropdownMenu.Item>
            ) : (
              <DropdownMenu.Item
                key={label}
                className={classes(itemClasses, entry.destructive ? "text-bad" : "text-ink")}
                onSelect={entry.onSelect}
              >
                {words}
              </DropdownMenu.Item>
            );
          })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
