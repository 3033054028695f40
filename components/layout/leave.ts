/** Ends the session and loads afresh, so that nothing of it stays on the screen; `from` is where signing in leads again. */
export async function leave(from?: string): Promise<void> {
  // Nobody signs out on most visits of a page.
  const { signOut } = await import("next-auth/react");
  await signOut({ redirect: false });
  window.location.assign(from ? `/sign-in?from=${encodeURIComponent(from)}` : "/sign-in");
}
