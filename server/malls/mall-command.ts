/** What every change of a mall says of itself. */
export type MallCommand = Readonly<{
  mallId: string;
  actor: Readonly<{ type: "operator"; id: string; ipAddress: string | null }>;
  traceId: string;
}>;
