/** Who does something: a mall by its key, an operator in the console, or the platform itself. */
export type Actor = Readonly<{
  type: "mall" | "operator" | "system";
  id: string;
  ipAddress?: string | undefined;
}>;

export const systemActor: Actor = { type: "system", id: "system" };
