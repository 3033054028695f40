"use client";

import { createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { SidebarWidth } from "#components/layout/frame-choices.ts";
import { rememberSidebar } from "#components/layout/preferences.ts";
import { isKeyTaken } from "#components/layout/single-keys.ts";

type SidebarState = Readonly<{ isNarrow: boolean; toggle: () => void }>;

export const SidebarContext = createContext<SidebarState | null>(null);

/** Keeps the sidebar's width, which begins as the server drew it; `[` changes it from anywhere (design §12). */
export function useSidebarWidth(given: SidebarWidth): SidebarState {
  const [width, setWidth] = useState(given);
  const next = width === "full" ? "narrow" : "full";
  const toggle = useCallback(() => {
    setWidth(next);
    rememberSidebar(next);
  }, [next]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.code !== "BracketLeft" || event.shiftKey || isKeyTaken(event)) return;
      event.preventDefault();
      toggle();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [toggle]);
  return useMemo(() => ({ isNarrow: width === "narrow", toggle }), [width, toggle]);
}

/** The sidebar's width and how to change it; only inside the console's frame. */
export function useSidebar(): SidebarState {
  const state = useContext(SidebarContext);
  if (!state) throw new Error("useSidebar is used outside the console's frame");
  return state;
}
