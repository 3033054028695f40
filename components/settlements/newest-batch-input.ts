/** What the newest batch is asked for with: by the page, and by the server that answers along with it. */
export const newestBatchInput = { limit: 1 } as const;
