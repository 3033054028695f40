import { cookies } from "next/headers";
import {
  type Density,
  densityCookie,
  readDensity,
  readSidebarWidth,
  type SidebarWidth,
  sidebarCookie,
} from "#components/layout/frame-choices.ts";

/** The sidebar's width in the browser asking, so that the first paint already has it. */
export async function readSidebarChoice(): Promise<SidebarWidth> {
  return readSidebarWidth((await cookies()).get(sidebarCookie)?.value);
}

/** The height of rows in the browser asking, so that a table comes as it stays. */
export async function readDensityChoice(): Promise<Density> {
  return readDensity((await cookies()).get(densityCookie)?.value);
}
