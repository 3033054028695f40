"use client";

import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Note } from "#components/ui/note.tsx";
import type { OperatorRole } from "#server/operators/permissions.ts";

/** The page is there sooner without it; it comes while a person types. */
const loadDoor = () => import("next-auth/react");

type DemoAccount = Readonly<{ email: string; password: string; role: OperatorRole }>;
type Problem = "wrong" | "locked" | "tooMany" | "unavailable";

function problemOf(error: string): Problem {
  if (error === "CredentialsSignin") return "wrong";
  if (error === "locked") return "locked";
  return error === "too_many" ? "tooMany" : "unavailable";
}

/** Email and password, friendly to password managers; in the demo also its accounts, one click each. */
export function SignInForm({
  returnPath,
  ended,
  demoOperators,
}: {
  returnPath: string;
  /** The session ended and the person was sent here. */
  ended: boolean;
  demoOperators: readonly DemoAccount[];
}) {
  const { signIn: texts, common } = useTexts();
  const emailInput = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState<{ email: boolean; password: boolean }>({
    email: false,
    password: false,
  });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [visible, setVisible] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  /** The address being tried; the button that was pressed shows it. */
  const [trying, setTrying] = useState<string | null>(null);
  // Until the page runs, a submit would leave it; the button waits for that moment.
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);

  async function attempt(email: string, password: string): Promise<void> {
    setProblem(null);
    setTrying(email);
    try {
      const { signIn } = await loadDoor();
      const answer = await signIn("credentials", { email, password, redirect: false });
      if (answer?.ok && !answer.error) {
        // A whole load: nothing of the page before the session is kept.
        window.location.assign(returnPath);
        return;
      }
      setProblem(problemOf(answer?.error ?? "unavailable"));
    } catch {
      // No answer at all; the sentence says what it means and the person may try again.
      setProblem("unavailable");
    }
    setTrying(null);
    passwordInput.current?.focus();
    passwordInput.current?.select();
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (trying !== null) return;
    const email = emailInput.current?.value.trim() ?? "";
    const password = passwordInput.current?.value ?? "";
    setMissing({ email: !email, password: !password });
    if (!email) emailInput.current?.focus();
    else if (!password) passwordInput.current?.focus();
    else void attempt(email, password);
  }

  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));

  return (
    <div className="w-full max-w-[360px]">
      <h1 className="font-bold text-title">{texts.title}</h1>
      <p className="mb-6 text-ink-3">{texts.lead}</p>
      {ended && !problem ? (
        <div className="mb-4">
          <Note>{texts.ended}</Note>
        </div>
      ) : null}
      {problem ? <ErrorBlock compact className="mb-4" title={texts[problem]} /> : null}
      <form
        method="post"
        noValidate
        onInput={() => void loadDoor().catch(() => undefined)}
        onSubmit={submit}
        className="flex flex-col gap-4"
      >
        <Field label={texts.email} error={missing.email ? texts.emailMissing : undefined}>
          <Input
            ref={emailInput}
            type="email"
            name="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            className="h-10"
            onChange={() => setMissing((present) => ({ ...present, email: false }))}
          />
        </Field>
        <Field
          label={texts.password}
          hint={capsLock ? <span className="text-warn">{texts.capsLock}</span> : undefined}
          error={missing.password ? texts.passwordMissing : undefined}
        >
          <div className="relative">
            <Input
              ref={passwordInput}
              type={visible ? "text" : "password"}
              name="password"
              autoComplete="current-password"
              autoCapitalize="none"
              spellCheck={false}
              required
              className="h-10 pr-11"
              onKeyDown={watchCapsLock}
              onKeyUp={watchCapsLock}
              onBlur={() => setCapsLock(false)}
              onChange={() => setMissing((present) => ({ ...present, password: false }))}
            />
            <IconButton
              icon={visible ? EyeOff : Eye}
              label={visible ? texts.hidePassword : texts.showPassword}
              aria-pressed={visible}
              className="absolute top-1 right-1 max-wide:top-0.5 max-wide:right-0.5"
              onClick={() => setVisible(!visible)}
            />
          </div>
        </Field>
        <Button type="submit" look="primary" size="large" disabled={!ready} busy={trying !== null}>
          {trying === null ? texts.submit : texts.submitting}
        </Button>
      </form>
      {demoOperators.length > 0 ? (
        <section aria-labelledby="demo-accounts" className="mt-8 border-line border-t pt-4">
          <h2 id="demo-accounts" className="font-bold text-section">
            {texts.demoTitle}
          </h2>
          <p className="mb-2 text-ink-3">{texts.demoLead}</p>
          <ul>
            {demoOperators.map(({ email, password, role }) => (
              <li key={email}>
                <button
                  type="button"
                  disabled={!ready}
                  aria-busy={trying === email || undefined}
                  onClick={() => {
                    if (trying === null) void attempt(email, password);
                  }}
                  className="-mx-2 flex min-h-9 w-[calc(100%+16px)] items-center gap-3 rounded-control px-2 text-left hover:bg-hover max-wide:min-h-11"
                >
                  <span className="w-24 shrink-0 font-semibold">{common.role[role]}</span>
                  <span className="min-w-0 truncate text-ink-2">{email}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}
