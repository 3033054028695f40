import ipaddr from "ipaddr.js";

/** A network that a mall may call from. */
export type AddressRange = Readonly<{
  /** In its one spelling, such as `203.0.113.0/24` or `2001:db8::/32`. */
  cidr: string;
  note: string;
  network: ipaddr.IPv4 | ipaddr.IPv6;
  prefixBits: number;
}>;

/** Why a line names no network. `host_bits`: an address inside a network, not the network. `everyone`: a list without lines says that. */
export type BrokenRange = "not_an_address" | "prefix" | "host_bits" | "everyone";

/**
 * Reads a network or a single address, IPv4 or IPv6. An IPv4 network written as mapped IPv6 becomes the IPv4 one, as the
 * addresses of callers do. Spellings that other programs read otherwise (`010.0.0.1`, `127.1`, zones) are no address.
 */
export function readRange(text: string, note = ""): AddressRange | { broken: BrokenRange } {
  const [address = "", prefix, ...rest] = text.trim().split("/");
  const written = readPlainAddress(address);
  if (!written || rest.length > 0) return { broken: "not_an_address" };
  const writtenBits = written.kind() === "ipv4" ? 32 : 128;
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) return { broken: "prefix" };
  let prefixBits = prefix === undefined ? writtenBits : Number(prefix);
  if (prefixBits > writtenBits) return { broken: "prefix" };
  let network = written;
  if (written instanceof ipaddr.IPv6 && written.isIPv4MappedAddress()) {
    // A part of the mapped addresses with a shorter prefix holds addresses that are none of IPv4.
    if (prefixBits < 96) return { broken: "prefix" };
    network = written.toIPv4Address();
    prefixBits -= 96;
  }
  if (prefixBits === 0) return { broken: "everyone" };
  if (hasHostBits(network, prefixBits)) return { broken: "host_bits" };
  return { cidr: `${network.toString()}/${prefixBits}`, note, network, prefixBits };
}

/** The first line that lets an address in; undefined when none does, or when it is no address. */
export function findRange(ranges: readonly AddressRange[], address: string | null): AddressRange | undefined {
  const caller = address === null ? undefined : readAddress(address);
  if (!caller) return undefined;
  return ranges.find(
    ({ network, prefixBits }) =>
      network.kind() === caller.kind() && caller.match([network, prefixBits] as [ipaddr.IPv4, number]),
  );
}

/** The one spelling of an address, mapped IPv4 as IPv4; undefined when it is none. */
export function plainAddress(text: string): string | undefined {
  return readAddress(text.trim())?.toString();
}

function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const address = readPlainAddress(text);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function readPlainAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text)
    ? ipaddr.IPv6.parse(text)
    : undefined;
}

function hasHostBits(network: ipaddr.IPv4 | ipaddr.IPv6, prefixBits: number): boolean {
  const bytes = network.toByteArray();
  return bytes.some((byte, index) => {
    const networkBits = Math.min(8, Math.max(0, prefixBits - index * 8));
    return (byte & (0xff >> networkBits)) !== 0;
  });
}

/** One line of a list as typed: `203.0.113.0/24 # Seoul office`. */
export type RangeLine = Readonly<{ line: number; text: string; broken: BrokenRange | "twice" }>;

/** Reads a list as a person types it: a network a line, a remark behind `#`; empty lines are left out. Lines count from 1. */
export function readRangeList(
  text: string,
): Readonly<{ ranges: readonly AddressRange[]; broken: readonly RangeLine[] }> {
  const ranges = new Map<string, AddressRange>();
  const broken: RangeLine[] = [];
  text.split("\n").forEach((whole, index) => {
    const at = whole.indexOf("#");
    const named = (at < 0 ? whole : whole.slice(0, at)).trim();
    const note = at < 0 ? "" : whole.slice(at + 1).trim();
    if (named === "" && note === "") return;
    const range = readRange(named, note);
    if ("broken" in range) broken.push({ line: index + 1, text: named, broken: range.broken });
    else if (ranges.has(range.cidr)) broken.push({ line: index + 1, text: named, broken: "twice" });
    else ranges.set(range.cidr, range);
  });
  return { ranges: [...ranges.values()], broken };
}
