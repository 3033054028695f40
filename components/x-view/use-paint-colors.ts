"use client";

import { useEffect, useState } from "react";
import { type PaintColors, paintTokens } from "#components/x-view/scatter-painter.ts";

/**
 * The tokens' colours in the present theme, read anew when it changes; null until the page runs in the browser. A
 * canvas cannot read `light-dark()`, so each is resolved as the `color` of a probe.
 */
export function usePaintColors(): PaintColors | null {
  const [colors, setColors] = useState<PaintColors | null>(null);
  useEffect(() => {
    const read = () => {
      const probe = document.createElement("span");
      probe.hidden = true;
      document.body.append(probe);
      const entries = paintTokens.map((token) => {
        probe.style.color = `var(${token})`;
        return [token, getComputedStyle(probe).color] as const;
      });
      probe.remove();
      setColors(Object.fromEntries(entries) as PaintColors);
    };
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme", "class"],
    });
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    media.addEventListener("change", read);
    return () => {
      observer.disconnect();
      media.removeEventListener("change", read);
    };
  }, []);
  return colors;
}
