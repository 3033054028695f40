/** One use of an Idempotency-Key: its scope beside the mall, and the fingerprint of what was asked (IDM-3, IDM-4). */
export type IdempotencyUse = Readonly<{ method: string; path: string; key: string; requestHash: Buffer }>;
