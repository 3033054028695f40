"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Density } from "#components/layout/frame-choices.ts";
import { chooseDensity } from "#components/layout/preferences.ts";

type DensityState = Readonly<{ density: Density; choose: (density: Density) => void }>;

const DensityContext = createContext<DensityState | null>(null);

/** Keeps how high rows are, which begins as the server drew them. */
export function DensityProvider({ given, children }: { given: Density; children: ReactNode }) {
  const [density, setDensity] = useState(given);
  const state = useMemo(
    () => ({
      density,
      choose(next: Density) {
        chooseDensity(next);
        setDensity(next);
      },
    }),
    [density],
  );
  return <DensityContext value={state}>{children}</DensityContext>;
}

/** How high rows are, and how to change it; only below the console's layout. */
export function useDensity(): DensityState {
  const state = useContext(DensityContext);
  if (!state) throw new Error("useDensity is used outside the console's layout");
  return state;
}
