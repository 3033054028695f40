import { argon2, randomBytes, timingSafeEqual } from "node:crypto";

/** Argon2id at OWASP's floor: 19 MiB, two passes, one lane; some 25 ms and off the main thread (reliability §4, row 7). */
const cost = { memoryKib: 19_456, passes: 2, parallelism: 1 } as const;
const tagBytes = 32;

/** A person may use long passphrases; beyond this only an attacker gains. */
export const passwordLengthMax = 128;

type Cost = Readonly<{ memoryKib: number; passes: number; parallelism: number }>;

function derive(
  password: string,
  salt: Buffer,
  { memoryKib, passes, parallelism }: Cost,
  tagLength: number,
): Promise<Buffer> {
  const parameters = {
    message: password.normalize("NFC"),
    nonce: salt,
    memory: memoryKib,
    passes,
    parallelism,
    tagLength,
  };
  return new Promise((resolve, reject) => {
    argon2("argon2id", parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

const toBase64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");

/** What is stored of a password: a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, cost, tagBytes);
  return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism}$${toBase64(salt)}$${toBase64(tag)}`;
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** True when the password made the hash. Throws for a hash that is not Argon2id in PHC form: that is damage, not a wrong password. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash) ?? [];
  if (!memory || !passes || !parallelism || !salt || !tag)
    throw new Error("A stored password hash is not Argon2id in PHC form");
  const expected = Buffer.from(tag, "base64");
  const stored: Cost = {
    memoryKib: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  };
  return timingSafeEqual(
    await derive(password, Buffer.from(salt, "base64"), stored, expected.length),
    expected,
  );
}

let decoy: Promise<string> | undefined;

/** Takes as long as verifying a password and is always false: an unknown person cannot be told by the clock. */
export async function verifyAgainstNobody(password: string): Promise<false> {
  decoy ??= hashPassword(randomBytes(24).toString("base64"));
  await verifyPassword(password, await decoy);
  return false;
}
