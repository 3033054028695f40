"use client";

import { CircleCheck, X } from "lucide-react";
import { createContext, type ReactNode, use, useCallback, useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

type Message = Readonly<{ id: number; text: ReactNode }>;
const ToastContext = createContext<(text: ReactNode) => void>(() => undefined);

const shownForMs = 5_000;

/** Says that something harmless is done. Anything to act on stays beside its cause instead (design §10). */
export function useToast(): (text: ReactNode) => void {
  return use(ToastContext);
}

/**
 * Shows the last three messages, five seconds each; while the pointer or the focus is on one, all stay. They are read out
 * without taking the focus; F8 leads to them.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const { navigation } = useTexts();
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [held, setHeld] = useState(false);
  const region = useRef<HTMLDivElement>(null);
  const show = useCallback((text: ReactNode) => {
    setMessages((present) => [...present.slice(-2), { id: (present.at(-1)?.id ?? 0) + 1, text }]);
  }, []);
  const remove = useCallback((id: number) => {
    setMessages((present) => present.filter((message) => message.id !== id));
  }, []);
  // What held them may be gone together with the last one.
  if (held && messages.length === 0) setHeld(false);

  useEffect(() => {
    const goThere = (event: KeyboardEvent) => {
      if (event.key === "F8") region.current?.focus();
    };
    document.addEventListener("keydown", goThere);
    return () => document.removeEventListener("keydown", goThere);
  }, []);

  return (
    <ToastContext value={show}>
      {children}
      <section
        ref={region}
        aria-label={`${navigation.toasts} (F8)`}
        aria-live="polite"
        aria-relevant="additions"
        tabIndex={-1}
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
        className="fixed bottom-4 left-4 z-50 flex w-80 max-w-[calc(100vw-32px)] flex-col gap-2 outline-none"
      >
        {messages.map(({ id, text }) => (
          <ToastLine key={id} id={id} held={held} onEnd={remove}>
            {text}
          </ToastLine>
        ))}
      </section>
    </ToastContext>
  );
}

function ToastLine({
  id,
  held,
  onEnd,
  children,
}: {
  id: number;
  held: boolean;
  onEnd: (id: number) => void;
  children: ReactNode;
}) {
  const { common } = useTexts();
  const leftMs = useRef(shownForMs);
  useEffect(() => {
    if (held) return;
    const startedAt = Date.now();
    const timer = setTimeout(() => onEnd(id), leftMs.current);
    return () => {
      clearTimeout(timer);
      leftMs.current -= Date.now() - startedAt;
    };
  }, [held, id, onEnd]);
  return (
    <div className="flex animate-appear items-center gap-2 rounded-panel border border-line-2 bg-surface py-2 pr-2 pl-3 shadow-float">
      <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" strokeWidth={1.5} />
      <div className="min-w-0 flex-1">{children}</div>
      <IconButton icon={X} label={common.close} size="iconSmall" onClick={() => onEnd(id)} />
    </div>
  );
}
