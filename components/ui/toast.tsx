"use client";

import { CircleCheck, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, type ReactNode, use, useCallback, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";

type Message = Readonly<{ id: number; text: ReactNode }>;
const ToastContext = createContext<(text: ReactNode) => void>(() => undefined);

/** Says that something harmless is done. Anything to act on stays beside its cause instead (design §10). */
export function useToast(): (text: ReactNode) => void {
  return use(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const { common, navigation } = useTexts();
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const show = useCallback((text: ReactNode) => {
    setMessages((present) => [...present.slice(-2), { id: (present.at(-1)?.id ?? 0) + 1, text }]);
  }, []);
  return (
    <ToastContext value={show}>
      <Radix.Provider label={navigation.toasts} duration={5_000} swipeDirection="left">
        {children}
        {messages.map(({ id, text }) => (
          <Radix.Root
            key={id}
            type="background"
            onOpenChange={(open) => {
              if (!open) setMessages((present) => present.filter((message) => message.id !== id));
            }}
            className="flex animate-appear items-center gap-2 rounded-panel border border-line-2 bg-surface py-2 pr-2 pl-3 shadow-float"
          >
            <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" strokeWidth={1.5} />
            <Radix.Description className="min-w-0 flex-1">{text}</Radix.Description>
            <Radix.Close asChild>
              <IconButton icon={X} label={common.close} size="iconSmall" />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport
          label={`${navigation.toasts} ({hotkey})`}
          className="fixed bottom-4 left-4 z-50 flex w-80 max-w-[calc(100vw-32px)] flex-col gap-2 outline-none"
        />
      </Radix.Provider>
    </ToastContext>
  );
}
