/**
 * The address a request came from, for the audit log and rate limits. The HTTP front replaces `X-Forwarded-For` with what it
 * knows to be true; of a chain the last entry is the one written nearest to us.
 */
export function clientAddressOf(forwardedFor: string | null | undefined): string | null {
  const nearest = forwardedFor?.split(",").at(-1)?.trim();
  if (!nearest || nearest.length > 45) return null;
  return nearest.replace(/^::ffff:/, "");
}
