"use client";

import { CircleAlert } from "lucide-react";
import { type ComponentProps, createContext, type ReactNode, type Ref, use, useId } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

type FieldWiring = Readonly<{ id: string; describedBy: string | undefined; invalid: boolean }>;
const FieldContext = createContext<FieldWiring | null>(null);

/**
 * A labelled field. The control inside (`Input`, `AmountInput`, `Textarea`, `Select`) takes its id, its description and its
 * invalid state from here. `error` stands below the field and says what to do.
 */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  label: ReactNode;
  /** Beside the label, such as `최대 98,000원`. */
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [hint ? hintId : null, error ? errorId : null].filter(Boolean).join(" ") || undefined;
  return (
    <div className={classes("min-w-0", className)}>
      <div className="mb-1 flex flex-wrap items-baseline gap-x-1.5">
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        {hint ? (
          <span id={hintId} className="text-ink-3">
            {hint}
          </span>
        ) : null}
      </div>
      <FieldContext value={{ id, describedBy, invalid: Boolean(error) }}>{children}</FieldContext>
      <FieldError id={errorId} message={error} />
    </div>
  );
}

export function FieldError({ id, message }: { id?: string; message: string | undefined }) {
  return (
    <p
      id={id}
      aria-live="polite"
      className={classes("text-bad text-meta", message && "mt-1 flex items-start gap-1")}
    >
      {message ? (
        <>
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" strokeWidth={1.75} />
          {message}
        </>
      ) : null}
    </p>
  );
}

function useWiring(given: { id?: string | undefined }) {
  const field = use(FieldContext);
  return {
    id: given.id ?? field?.id,
    "aria-describedby": field?.describedBy,
    "aria-invalid": field?.invalid || undefined,
  };
}

const box =
  "w-full rounded-control border border-line-strong bg-surface text-ink disabled:border-line-2 disabled:bg-sunken disabled:text-ink-3 [&[readonly]]:border-line-2 [&[readonly]]:bg-sunken aria-invalid:border-bad";
const height = "h-9 px-2.5 max-wide:h-11";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...useWiring(rest)} {...rest} className={classes(box, height, className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={3}
      {...useWiring(rest)}
      {...rest}
      className={classes(box, "min-h-18 px-2.5 py-2", className)}
    />
  );
}

export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select {...useWiring(rest)} {...rest} className={classes(box, height, "pr-8", className)} />;
}

/** Reads what a person typed as whole won: accepts `48000` and `48,000`. `null` when it is not a number. */
export function readAmount(text: string): bigint | null {
  const digits = text.replace(/[,\s원₩]/g, "");
  return /^\d{1,15}$/.test(digits) ? BigInt(digits) : null;
}

/**
 * An amount in whole won. Takes and gives the text as typed, so that nothing a person writes is lost; read it with
 * `readAmount`. Groups digits when the field is left. `큰 단위` are never abbreviated.
 */
export function AmountInput({
  value,
  onValueChange,
  className,
  ref,
  ...rest
}: Omit<ComponentProps<"input">, "value" | "onChange" | "type" | "ref"> & {
  value: string;
  onValueChange: (text: string) => void;
  ref?: Ref<HTMLInputElement>;
}) {
  const { common } = useTexts();
  return (
    <div
      className={classes(
        box,
        height,
        "flex items-center gap-1 focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-2 has-[[aria-invalid=true]]:border-bad",
        className,
      )}
    >
      <input
        {...useWiring(rest)}
        {...rest}
        ref={ref}
        inputMode="numeric"
        autoComplete="off"
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onBlur={(event) => {
          const amount = readAmount(event.target.value);
          if (amount !== null) onValueChange(amount.toLocaleString("en-US"));
          rest.onBlur?.(event);
        }}
        className="h-full min-w-0 flex-1 bg-transparent text-right font-semibold outline-none"
      />
      <span aria-hidden className="text-ink-2">
        {common.won}
      </span>
    </div>
  );
}

/** A checkbox with its words, the whole line its target. */
export function Checkbox({
  label,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "type"> & { label: ReactNode }) {
  return (
    <label className={classes("flex min-h-6 items-center gap-2 max-wide:min-h-10", className)}>
      <input type="checkbox" {...rest} />
      <span>{label}</span>
    </label>
  );
}

export type RadioCard<Value extends string> = Readonly<{
  value: Value;
  label: ReactNode;
  detail?: ReactNode;
  disabled?: boolean;
}>;

/** One choice of a few, side by side, such as 전액 and 일부. */
export function RadioCards<Value extends string>({
  legend,
  name,
  options,
  value,
  onChange,
  legendHidden = false,
}: {
  legend: string;
  name: string;
  options: readonly RadioCard<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  legendHidden?: boolean;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className={legendHidden ? "sr-only" : "mb-1 font-semibold"}>{legend}</legend>
      <div className="flex rounded-control border border-line-2 bg-sunken p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-8 flex-1 items-center justify-center gap-2 rounded-[4px] px-2 has-[:checked]:bg-surface has-[:checked]:font-semibold has-[:checked]:shadow-[0_0_0_1px_var(--line-2)] max-wide:min-h-10"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
            />
            <span className="min-w-0">
              {option.label}
              {option.detail ? (
                <span className="block font-normal text-ink-3 text-meta">{option.detail}</span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
