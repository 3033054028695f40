/** What every change of a mall says of itself. */
export type MallCommand = Readonly<{
  mallId: string;
  actor: Readonly<{ type: "operator"; id: string; ipAddress: string | null }>;
  traceId: string;
  /** The approved request that it carries out, and who approved it. */
  approval?: Readonly<{ requestId: string; checkerId: string }>;
}>;
