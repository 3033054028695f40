import { createRandom, type Random } from "#prisma/seed/random.ts";

/** Chance of its own for one actor of a run: what one draws never shifts what another draws. */
export function chanceOf(seed: number, name: string): Random {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return createRandom(hash);
}
