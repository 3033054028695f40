import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ["meta", "base", "section", "figure", "dialog", "title", "hero"],
      radius: ["chip", "control", "panel"],
      shadow: ["float"],
    },
  },
});

/** Joins class names; of two that set the same property the later wins. */
export function classes(...values: ClassValue[]): string {
  return merge(clsx(values));
}
