"use client";

import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "#components/ui/button.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";

/** A button that is only an icon; its label is read out and shown on hover and focus. */
export function IconButton({
  icon: Icon,
  label,
  size = "icon",
  look = "ghost",
  ...rest
}: Omit<ComponentProps<typeof Button>, "children" | "asChild"> & { icon: LucideIcon; label: string }) {
  return (
    <Tooltip content={label}>
      <Button look={look} size={size} aria-label={label} {...rest}>
        <Icon aria-hidden className="size-4" strokeWidth={1.5} />
      </Button>
    </Tooltip>
  );
}
