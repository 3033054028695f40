"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { passwordLengthLimit, passwordLengthMin, personNameMax } from "#server/operators/people.values.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";

type Invited = Readonly<{ email: string; role: OperatorRole }>;
type Problem = "invalid" | "taken" | "tooMany" | "unavailable";

class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem);
    this.problem = problem;
  }
}

const problems: Readonly<Record<string, Problem>> = {
  INVITATION_NOT_VALID: "invalid",
  INVALID_REQUEST: "invalid",
  EMAIL_TAKEN: "taken",
  TOO_MANY_REQUESTS: "tooMany",
};

async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.ok) return (await answer.json()) as Answer;
  const { error } = (await answer.json()) as { error?: { code?: string } };
  throw new Refused(problems[error?.code ?? ""] ?? "unavailable");
}

const problemOf = (error: unknown): Problem => (error instanceof Refused ? error.problem : "unavailable");

/** Whom the link invites, then a name and a password; afterwards the person is signed in. */
export function AcceptInvitationForm() {
  const { people, common } = useTexts();
  const words = people.accept;
  const token = useRef("");
  const nameRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const againRef = useRef<HTMLInputElement>(null);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [errors, setErrors] = useState<{ name?: string; password?: string; again?: string }>({});
  const [sending, setSending] = useState(false);

  useEffect(() => {
    token.current = window.location.hash.slice(1);
    post<Invited>("/api/invitations/read", { token: token.current }).then(setInvited, (error: unknown) =>
      setProblem(problemOf(error)),
    );
  }, []);

  async function accept(name: string, password: string): Promise<void> {
    setSending(true);
    setProblem(null);
    try {
      const { email } = await post<{ email: string }>("/api/invitations/accept", {
        token: token.current,
        name,
        password,
      });
      const { signIn } = await import("next-auth/react");
      await signIn("credentials", { email, password, redirect: false });
      // A whole load, without the used token in the address.
      window.location.replace("/");
    } catch (error) {
      setProblem(problemOf(error));
      setSending(false);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (sending) return;
    const name = nameRef.current?.value.trim() ?? "";
    const password = passwordRef.current?.value ?? "";
    const again = againRef.current?.value ?? "";
    const found = {
      ...(name ? {} : { name: words.nameMissing }),
      ...(password.length >= passwordLengthMin ? {} : { password: words.passwordShort(passwordLengthMin) }),
      ...(again === password ? {} : { again: words.againDiffers }),
    };
    setErrors(found);
    if (found.name) nameRef.current?.focus();
    else if (found.password) passwordRef.current?.focus();
    else if (found.again) againRef.current?.focus();
    else void accept(name, password);
  }

  return (
    <div className="w-full max-w-[360px]">
      <h1 className="font-bold text-title">{words.title}</h1>
      {invited ? (
        <p className="mb-6 text-ink-3">{words.lead(common.role[invited.role])}</p>
      ) : problem ? null : (
        <div className="mt-2 flex flex-col gap-4">
          <span role="status" className="sr-only">
            {words.checking}
          </span>
          <Skeleton className="w-3/4" />
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </div>
      )}
      {problem ? (
        <div className="my-4">
          <ErrorBlock compact title={problem === "invalid" ? words.invalid : words[problem]}>
            {problem === "invalid" ? words.invalidBody : null}
          </ErrorBlock>
          {problem === "invalid" || problem === "taken" ? (
            <a href="/sign-in" className={`${buttonClasses()} mt-4`}>
              {words.toSignIn}
            </a>
          ) : null}
        </div>
      ) : null}
      {invited && problem !== "invalid" && problem !== "taken" ? (
        <form method="post" noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field label={words.email}>
            <Input
              readOnly
              type="email"
              name="email"
              autoComplete="username"
              value={invited.email}
              className="h-10"
            />
          </Field>
          <Field label={words.name} error={errors.name}>
            <Input
              ref={nameRef}
              name="name"
              autoComplete="name"
              maxLength={personNameMax}
              required
              className="h-10"
            />
          </Field>
          <Field label={words.password} hint={words.passwordHint(passwordLengthMin)} error={errors.password}>
            <Input
              ref={passwordRef}
              type="password"
              name="password"
              autoComplete="new-password"
              maxLength={passwordLengthLimit}
              required
              className="h-10"
            />
          </Field>
          <Field label={words.again} error={errors.again}>
            <Input
              ref={againRef}
              type="password"
              name="again"
              autoComplete="new-password"
              maxLength={passwordLengthLimit}
              required
              className="h-10"
            />
          </Field>
          <Button type="submit" look="primary" size="large" busy={sending}>
            {sending ? words.submitting : words.submit}
          </Button>
        </form>
      ) : null}
    </div>
  );
}
