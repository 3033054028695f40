import type { Keys } from "#server/platform/keys.ts";

type SealedSecrets = Readonly<{
  secretSealed: Buffer;
  previousSecretSealed: Buffer | null;
  previousSecretExpiresAt: Date | null;
}>;

/** Where a secret is kept: a sealed secret opens only there, so one endpoint's cannot be moved to another. */
export function placeOfSecret(endpointId: string): string {
  return `webhook_endpoint:${endpointId}:secret`;
}

/** The secrets that sign at `now`, the newest first: two while one is being rotated (WH-1). */
export function openSecrets(keys: Keys, endpointId: string, sealed: SealedSecrets, now: Date): string[] {
  const place = placeOfSecret(endpointId);
  const secrets = [keys.unseal(sealed.secretSealed, place)];
  if (sealed.previousSecretSealed && sealed.previousSecretExpiresAt && sealed.previousSecretExpiresAt > now) {
    secrets.push(keys.unseal(sealed.previousSecretSealed, place));
  }
  return secrets;
}
