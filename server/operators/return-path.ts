/** Where to go after signing in: a path of ours, or the start. Anything that a browser could read as another host is refused. */
export function safeReturnPath(from: unknown): string {
  if (typeof from !== "string" || !/^\/(?![/\\])[\x21-\x7e]*$/.test(from) || from.includes("\\")) return "/";
  const { origin, pathname, search } = new URL(from, "http://paydeck.invalid");
  return origin === "http://paydeck.invalid" && pathname !== "/sign-in" ? pathname + search : "/";
}
