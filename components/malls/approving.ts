"use client";

import { type RefObject, useRef, useState } from "react";
import { useApproval } from "#components/change-requests/use-approval.ts";
import type { ChangeKind } from "#server/change-requests/change-kinds.values.ts";

/** A change of a mall that may need a second person, with the reason they are told. */
export type Approving = Readonly<{
  isKnown: boolean;
  isNeeded: boolean;
  reason: string;
  setReason: (reason: string) => void;
  isMissing: boolean;
  reasonRef: RefObject<HTMLTextAreaElement | null>;
  /** True when there is a reason; otherwise shows that it is missing. */
  check: () => boolean;
}>;

/** Whether a change of this kind needs a second person now, and the reason that is typed for them. */
export function useApprovingChange(kind: Extract<ChangeKind, "KEY_CHANGE" | "CONTRACT_CHANGE">): Approving {
  const { isKnown, isNeeded } = useApproval(kind, 1n);
  const [text, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const isEmpty = text.trim() === "";
  const check = () => {
    setChecked(true);
    if (isEmpty) reasonRef.current?.focus();
    return !isEmpty;
  };
  return { isKnown, isNeeded, reason: text, setReason, isMissing: checked && isEmpty, reasonRef, check };
}
