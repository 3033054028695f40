"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False on the server and while what it sent comes to life; then, and in what is drawn later, true. */
export function useAlive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
