/** How wide the sidebar is: with names, or 56 px of icons. */
export type SidebarWidth = "full" | "narrow";

/** The cookie that remembers a sidebar that was folded; missing means with names. */
export const sidebarCookie = "paydeck_sidebar";

/** Reads a cookie value as the sidebar's width. */
export function readSidebarWidth(value: string | undefined): SidebarWidth {
  return value === "narrow" ? "narrow" : "full";
}

/** How high the rows of tables are (design §2). */
export const densities = ["dense", "normal", "roomy"] as const;
export type Density = (typeof densities)[number];

/** In pixels; `globals.css` says the same as `--row`. */
export const rowHeightPx: Readonly<Record<Density, number>> = { dense: 28, normal: 36, roomy: 44 };

/** The cookie that remembers the height of rows; missing means normal. */
export const densityCookie = "paydeck_density";

/** Reads a cookie value as the height of rows. */
export function readDensity(value: string | undefined): Density {
  return densities.find((known) => known === value) ?? "normal";
}
