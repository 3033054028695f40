"use client";

import { AlertDialog } from "radix-ui";
import { useRef } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { leave } from "#components/layout/leave.ts";
import { QueryError } from "#components/layout/query-error.tsx";
import type { SessionEnd } from "#components/layout/session-ends.ts";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/countdown.tsx";

/** Minutes and seconds, rounded up: nobody is told 0:00 who can still press. */
function clockOf(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Says that the session is about to end and how to go on: one button when it lay idle, signing in again after ten hours. */
export function SessionWarning({
  end,
  endsAtMs,
  renewing,
  error,
  onContinue,
}: {
  end: SessionEnd;
  endsAtMs: number;
  renewing: boolean;
  /** Why it could not be renewed. */
  error: unknown;
  onContinue: () => void;
}) {
  const { sessionWarning: words, signOut } = useTexts().navigation;
  const now = useNow();
  const opener = useRef<Element | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  const { title, body, goOn } = words[end];
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onContinue()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-60 animate-appear bg-scrim" />
        <AlertDialog.Content
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            opener.current = document.activeElement;
            first.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement !== document.body) return;
            if (opener.current instanceof HTMLElement && opener.current !== document.body)
              opener.current.focus();
            else document.getElementById("main")?.focus({ preventScroll: true });
          }}
          className="fixed top-[20dvh] left-1/2 z-60 w-[420px] max-w-[calc(100vw-24px)] -translate-x-1/2 rounded-panel border border-line-2 bg-surface p-5 text-ink shadow-float outline-none"
        >
          <AlertDialog.Title className="font-bold text-dialog">{title}</AlertDialog.Title>
          <AlertDialog.Description className="pt-1 text-ink-2">{body}</AlertDialog.Description>
          {/* Not a live region: it would speak each second. */}
          <p className="pt-3">
            {words.left}{" "}
            <b role="timer" aria-live="off" aria-label={words.left} className="font-semibold">
              {now ? clockOf(endsAtMs - now.getTime()) : null}
            </b>
          </p>
          {error ? (
            <div className="pt-3">
              <QueryError compact error={error} title={words.failed} />
            </div>
          ) : null}
          <div className="flex flex-wrap justify-end gap-2 pt-4">
            {end === "idle" ? (
              <>
                <Button onClick={() => void leave()}>{signOut}</Button>
                <Button ref={first} look="primary" busy={renewing} onClick={onContinue}>
                  {goOn}
                </Button>
              </>
            ) : (
              <>
                <Button ref={first} onClick={onContinue}>
                  {goOn}
                </Button>
                <Button
                  look="primary"
                  onClick={() => void leave(window.location.pathname + window.location.search)}
                >
                  {words.signInAgain}
                </Button>
              </>
            )}
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
