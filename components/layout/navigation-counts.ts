"use client";

import type { NavigationCounts } from "#components/layout/navigation.ts";

/** What waits behind the sidebar's entries. */
export function useNavigationCounts(): NavigationCounts {
  return {};
}
