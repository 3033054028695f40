import { lookup as dnsLookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { Refusal } from "#server/core/refusals.ts";

/** Asks the name service for every address of a host. Replaced in tests, so that a name can change its mind (rebinding). */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

export const resolveByDns: Resolve = (hostname) => dnsLookup(hostname, { all: true, verbatim: true });

/** A target that must not be connected to. Its message is for the mall's own attempt log. */
export class BlockedTarget extends Error {
  override readonly name = "BlockedTarget";
}

export const urlLengthMax = 2_048;
const publicPorts = new Set(["", "443", "8443"]);
const saveResolveTimeoutMs = 2_000;

/**
 * Reads a webhook URL as it will be stored and used: absolute, no credentials, no fragment, host in punycode without
 * trailing dot. Hosts of `allowHosts` (`host` or `host:port`) may be plain http and lie anywhere; all others are https on
 * a usual port, and never an address or a name of a private network (WH-6). Throws `INVALID_WEBHOOK_URL`.
 */
export function readTarget(text: string, allowHosts: readonly string[]): URL {
  if (text.length > urlLengthMax) throw refuse("too_long");
  // `new URL` forgives blanks and line breaks around and inside a URL; a mall that sends them made a mistake.
  if (/[\p{C}\s\\]/u.test(text)) throw refuse("malformed");
  if (!URL.canParse(text)) throw refuse("malformed");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("scheme");
  if (url.username || url.password) throw refuse("credentials");
  if (url.hash || text.includes("#")) throw refuse("fragment");
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  if (url.href.length > urlLengthMax) throw refuse("too_long");
  if (isAllowedHost(url, allowHosts)) return url;
  if (url.protocol !== "https:") throw refuse("scheme");
  if (!publicPorts.has(url.port)) throw refuse("port");
  const address = literalAddress(url.hostname);
  if (address === undefined ? !isPublicName(url.hostname) : !isPublicAddress(address))
    throw refuse("not_public");
  return url;
}

/**
 * Checks at saving time that no address of the host is a private one. A name that does not resolve yet is accepted:
 * every connect asks and checks again (`guardedLookup`), and only that check can be relied on.
 */
export async function checkTargetAddresses(
  url: URL,
  allowHosts: readonly string[],
  resolve: Resolve = resolveByDns,
): Promise<void> {
  if (isAllowedHost(url, allowHosts) || literalAddress(url.hostname) !== undefined) return;
  const answer = await Promise.race([
    resolve(url.hostname).catch(() => []),
    new Promise<[]>((settle) => setTimeout(settle, saveResolveTimeoutMs, []).unref()),
  ]);
  if (!answer.every(({ address }) => isPublicAddress(address))) throw refuse("not_public");
}

/** True when the host, or the host with its port, is named in `WEBHOOK_ALLOW_HOSTS`. */
export function isAllowedHost(url: URL, allowHosts: readonly string[]): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return allowHosts.some((entry) => {
    const allowed = entry.toLowerCase();
    return (
      allowed === url.hostname || allowed === `${url.hostname}:${port}` || `[${allowed}]` === url.hostname
    );
  });
}

type LookupCallback = (
  error: Error | null,
  addresses: string | { address: string; family: number }[],
  family?: number,
) => void;

/**
 * A `lookup` for sockets that hands out only public addresses: what it checked is what is connected to, so a name that
 * changes between check and connect gains nothing. One private address among several blocks the whole name.
 */
export function guardedLookup(resolve: Resolve = resolveByDns) {
  return (hostname: string, options: { all?: boolean | undefined }, callback: LookupCallback): void => {
    resolve(hostname).then(
      (found) => {
        const [first] = found;
        const bad = found.find(({ address }) => !isPublicAddress(address));
        if (bad)
          return callback(
            new BlockedTarget(`blocked: ${hostname} resolves to ${bad.address}, which is not public`),
            [],
          );
        if (!first) return callback(new BlockedTarget(`blocked: ${hostname} has no address`), []);
        if (options.all) return callback(null, [...found]);
        return callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };
}

/** True for an address that the internet routes: unicast in no special range; IPv6 only within 2000::/3. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  // The IPv4-compatible addresses (::7f00:1) count as unicast, yet lie outside what is given to anybody.
  return parsed instanceof ipaddr.IPv4 || parsed.match(ipaddr.IPv6.parse("2000::"), 3);
}

/** The address, when the host is written as one. `new URL` has already turned `127.1`, `0x7f.1` and `2130706433` into dotted form. */
function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : undefined;
}

const privateSuffixes = [
  "localhost",
  "local",
  "internal",
  "intranet",
  "lan",
  "home",
  "corp",
  "arpa",
  "onion",
  "invalid",
];

function isPublicName(hostname: string): boolean {
  const labels = hostname.split(".");
  if (labels.length < 2 || hostname.length > 253) return false;
  if (!labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) return false;
  return !privateSuffixes.includes(labels.at(-1) ?? "");
}

function refuse(
  because:
    | "too_long"
    | "malformed"
    | "scheme"
    | "credentials"
    | "fragment"
    | "port"
    | "not_public"
    | "duplicate",
): Refusal {
  return new Refusal("INVALID_WEBHOOK_URL", { field: "url", because });
}

/** The mall has this URL already; two endpoints of one URL would hear everything twice. */
export function refuseDuplicate(): Refusal {
  return refuse("duplicate");
}
