"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { type ChangeKind, changeKindNames } from "#server/change-requests/change-kinds.values.ts";

type Subject = Readonly<{ kind: ChangeKind; subjectId: string; subjectName: string }>;

/** What people call the subject of a request: the name it carries, and of a limit its kind and role in the reader's language. */
export function useSubjectName(): (request: Subject) => string {
  const { changeRequests, common } = useTexts();
  return ({ kind, subjectId, subjectName }) => {
    if (kind !== "LIMIT_CHANGE") return subjectName;
    const [of, whose] = subjectId.split(":");
    const limited = changeKindNames.find((name) => name === of);
    const role = (Object.keys(common.role) as (keyof typeof common.role)[]).find((name) => name === whose);
    return limited && role ? `${changeRequests.kinds[limited]} · ${common.role[role]}` : subjectName;
  };
}
