import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/** Keyed operations, each with its own key derived from `PAYDECK_SECRET`, so that one use never helps against another. */
export type Keys = Readonly<{
  /** What is stored of a mall's secret key. */
  hashSecretKey(secretKey: string): Buffer;
  /** Lets equal card numbers be found without the number being kept. */
  fingerprintCard(cardNumber: string): Buffer;
  /** Fingerprint of a request. Keyed, because the request holds a card number that its plain hash would give away (PCI 3.5.1.1). */
  fingerprintRequest(canonical: string): Buffer;
  /** The signature of a link: whoever holds it was given it, and nobody can make one for another person or a later time. */
  signLink(link: string): string;
  /** Encrypts a secret that must be read again (AES-256-GCM). `place` (table:row:column) binds it to where it is kept. */
  seal(plain: string, place: string): Buffer<ArrayBuffer>;
  /** Opens what `seal` closed; throws when it was changed or moved to another place. */
  unseal(sealed: Uint8Array, place: string): string;
}>;

const sealVersion = 1;

/** Derives all keys from the master secret. */
export function deriveKeys(masterSecret: string): Keys {
  const derive = (use: string) => Buffer.from(hkdfSync("sha256", masterSecret, "paydeck", use, 32));
  const secretKeyPepper = derive("mall-secret-key");
  const cardKey = derive("card-fingerprint");
  const requestKey = derive("request-fingerprint");
  const sealKey = derive("sealed-secrets");
  const linkKey = derive("signed-links");
  return {
    hashSecretKey: (secretKey) => createHmac("sha256", secretKeyPepper).update(secretKey).digest(),
    fingerprintCard: (cardNumber) => createHmac("sha256", cardKey).update(cardNumber).digest(),
    fingerprintRequest: (canonical) => createHmac("sha256", requestKey).update(canonical).digest(),
    signLink: (link) => createHmac("sha256", linkKey).update(link).digest("base64url"),
    seal(plain, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealKey, iv).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.from([sealVersion]), iv, cipher.getAuthTag(), body]);
    },
    unseal(sealed, place) {
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== sealVersion) throw new Error("Sealed by an unknown version");
      const decipher = createDecipheriv("aes-256-gcm", sealKey, bytes.subarray(1, 13)).setAAD(
        Buffer.from(place),
      );
      decipher.setAuthTag(bytes.subarray(13, 29));
      return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString("utf8");
    },
  };
}
