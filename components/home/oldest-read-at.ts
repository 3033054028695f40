/** When the oldest of what stands on a page was read; what was never read stands nowhere, and says so itself. */
export function oldestReadAt(readings: readonly Readonly<{ data: unknown; dataUpdatedAt: number }>[]): Date {
  const times = readings.filter(({ data }) => data !== undefined).map(({ dataUpdatedAt }) => dataUpdatedAt);
  return new Date(Math.min(...times));
}
