/** How wide the sidebar is: with names, or 56 px of icons. */
export type SidebarWidth = "full" | "narrow";

/** The cookie that remembers a sidebar that was folded; missing means with names. */
export const sidebarCookie = "paydeck_sidebar";

/** Reads a cookie value as the sidebar's width. */
export function readSidebarWidth(value: string | undefined): SidebarWidth {
  return value === "narrow" ? "narrow" : "full";
}
