"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import {
  endsOf,
  isEnding,
  lastSeenAtMs,
  nextEnd,
  type SessionEnd,
  type SessionEnds,
} from "#components/layout/session-ends.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { usePart } from "#components/ui/use-part.ts";
import { type SessionTimes, sessionWarningMs } from "#server/operators/session.values.ts";

const loadWarning = () =>
  import("#components/layout/session-warning.tsx").then((file) => file.SessionWarning);

/** The server keeps when a person was last seen to a minute. */
const renewEveryMs = 60_000;
/** Another tab may renew the session meanwhile, or sign out. */
const askEveryMs = 10_000;
/** A timer sleeps with the machine; this is how late it may notice. */
const lookEveryMs = 30_000;
const signs = ["pointerdown", "keydown", "wheel"] as const;

/**
 * Tells the server that its person is there, at most once a minute, and warns two minutes before the session ends
 * (WCAG 2.2.1). What screens ask by themselves renews nothing.
 */
export function SessionWatch({ given }: { given: SessionTimes }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [ends, setEnds] = useState<SessionEnds | null>(null);
  const [warned, setWarned] = useState<SessionEnd | null>(null);
  const [isLifeKnown, setLifeKnown] = useState(false);
  const { part: SessionWarning, prepare } = usePart(loadWarning, () => undefined);
  const take = useCallback((times: SessionTimes) => setEnds(endsOf(times, Date.now())), []);
  const renew = useMutation(trpc.operator.renewSession.mutationOptions({ onSuccess: take }));

  // The clock of this browser counts, and only it has one.
  useEffect(() => take(given), [given, take]);

  useEffect(() => {
    if (!ends) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      clearTimeout(timer);
      const now = Date.now();
      if (!isEnding(ends, now)) {
        setWarned(null);
        timer = setTimeout(look, Math.min(nextEnd(ends, now).leftMs - sessionWarningMs, lookEveryMs));
        return;
      }
      const { end, leftMs } = nextEnd(ends, now);
      // Once when it is over, and until then again and again.
      const askAtMs = ends.askedAtMs + askEveryMs;
      const isDue = now >= askAtMs || (leftMs <= 0 && ends.askedAtMs < now + leftMs);
      if (!isDue) {
        prepare();
        setWarned(end);
        timer = setTimeout(look, leftMs > 0 ? Math.min(leftMs, askAtMs - now) : askAtMs - now);
        return;
      }
      try {
        // A session that is over is refused, and the refusal leads to the sign-in.
        const times = await queryClient.fetchQuery({
          // Alone: the warning waits for no slow list of its page.
          ...trpc.operator.sessionTimes.queryOptions(undefined, { trpc: { context: { skipBatch: true } } }),
          staleTime: 0,
        });
        if (!isOver) take(times);
      } catch {
        // Nobody answered: what was known holds, and is asked again.
        if (!isOver) setEnds((known) => known && { ...known, askedAtMs: Date.now() });
      }
    };
    void look();
    const onShown = () => {
      if (document.visibilityState === "visible") void look();
    };
    document.addEventListener("visibilitychange", onShown);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onShown);
    };
  }, [ends, prepare, queryClient, take, trpc]);

  const triedAtMs = useRef(0);
  const { mutate } = renew;
  useEffect(() => {
    const onSign = () => {
      const now = Date.now();
      if (!ends || warned === "idle" || now - Math.max(lastSeenAtMs(ends), triedAtMs.current) < renewEveryMs)
        return;
      triedAtMs.current = now;
      mutate();
    };
    for (const sign of signs) document.addEventListener(sign, onSign, { passive: true, capture: true });
    return () => {
      for (const sign of signs) document.removeEventListener(sign, onSign, { capture: true });
    };
  }, [ends, warned, mutate]);

  const isShown = warned === "idle" || (warned === "life" && !isLifeKnown);
  return SessionWarning && ends && warned && isShown ? (
    <SessionWarning
      end={warned}
      endsAtMs={warned === "life" ? ends.lifeEndsAtMs : ends.idleEndsAtMs}
      renewing={renew.isPending}
      error={renew.error}
      onContinue={() => (warned === "life" ? setLifeKnown(true) : mutate())}
    />
  ) : null;
}
