"use client";

import { setNonce } from "get-nonce";
import type { ReactNode } from "react";

/** Hands the page's nonce to libraries that add `<style>` elements later (Radix Dialog), so that the content policy lets them. */
export function NonceProvider({ nonce, children }: { nonce: string; children: ReactNode }) {
  if (typeof window !== "undefined" && nonce) setNonce(nonce);
  return children;
}
