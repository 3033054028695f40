/** Room for some of a kind of work at once in this process. */
export interface Places {
  /**
   * Takes a place, after those who came before. Answers how to give it back, once, or undefined when none became free in
   * time.
   */
  take(): Promise<(() => void) | undefined>;
}

/** Opens `atOnceMax` places; whoever finds none free waits for one, in order, for `waitMs` at most. */
export function openPlaces({ atOnceMax, waitMs }: Readonly<{ atOnceMax: number; waitMs: number }>): Places {
  let taken = 0;
  const waiting = new Set<() => void>();

  const giveBack = () => {
    const [next] = waiting;
    if (next) next();
    else taken--;
  };
  const place = () => {
    let isBack = false;
    return () => {
      if (!isBack) giveBack();
      isBack = true;
    };
  };

  return {
    take() {
      if (taken < atOnceMax) {
        taken++;
        return Promise.resolve(place());
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(enter);
          resolve(undefined);
        }, waitMs);
        const enter = () => {
          clearTimeout(timer);
          waiting.delete(enter);
          resolve(place());
        };
        waiting.add(enter);
      });
    },
  };
}
