import { maskEmail, maskPhone } from "#server/payments/domain/mask-customer.ts";

/** `203.0.113.9` as `203.0.*.*`, and of an IPv6 address the network alone. */
export function maskAddress(address: string): string {
  const v4 = /^(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(address);
  if (v4) return `${v4[1]}.*.*`;
  const [first = "", second = ""] = address.split(":");
  return `${first}:${second}:*`;
}

const email = /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/g;
const phone = /\b01[016789]-?\d{3,4}-?\d{4}\b/g;

/** A text in which email addresses and mobile numbers are masked, wherever they stand. */
export function maskContacts(text: string): string {
  return text.replace(email, maskEmail).replace(phone, maskPhone);
}
