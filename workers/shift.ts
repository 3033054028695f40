/** The jobs a process performs, from its start until it is told to stop. */
export type Shift = Readonly<{
  /** Performs a message, unless the shift is over: then it stays in the outbox, for another worker or a later one. */
  perform(messageId: bigint): Promise<void>;
  /** Takes nothing new from now on, and waits for what is under way. */
  end(): Promise<void>;
}>;

/** Opens a shift: `perform` does the work of one message. */
export function openShift(perform: (messageId: bigint) => Promise<void>): Shift {
  const underWay = new Set<Promise<void>>();
  let isOver = false;
  return {
    async perform(messageId) {
      if (isOver) return;
      const work = perform(messageId);
      underWay.add(work);
      try {
        await work;
      } finally {
        underWay.delete(work);
      }
    },
    async end() {
      isOver = true;
      await Promise.allSettled(underWay);
    },
  };
}
