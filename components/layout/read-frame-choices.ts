import { cookies } from "next/headers";
import { readSidebarWidth, type SidebarWidth, sidebarCookie } from "#components/layout/frame-choices.ts";

/** The sidebar's width in the browser asking, so that the first paint already has it. */
export async function readSidebarChoice(): Promise<SidebarWidth> {
  return readSidebarWidth((await cookies()).get(sidebarCookie)?.value);
}
