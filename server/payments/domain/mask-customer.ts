/** `김민수` as `김*수`, `김수` as `김*`, `Jane Doe` as `J******e`. */
export function maskName(name: string): string {
  const letters = [...name];
  if (letters.length <= 1) return "*";
  if (letters.length === 2) return `${letters[0]}*`;
  return `${letters[0]}${"*".repeat(letters.length - 2)}${letters.at(-1)}`;
}

/** `010-1234-4821` as `010-****-4821`: the last four digits stay, and the prefix of a whole number. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, "");
  return digits.length >= 10 ? `${digits.slice(0, 3)}-****-${digits.slice(-4)}` : `****${digits.slice(-2)}`;
}

/** `minsu@example.com` as `m****@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  return at < 1 ? "****" : `${email.slice(0, 1)}****${email.slice(at)}`;
}
