import type { Texts } from "#components/i18n/texts.ts";
import type { AuditLine } from "#server/audit/audit-queries.ts";

/** An action in words; one without a word of its own keeps its name. */
export function actionText(action: string, words: Texts["audit"]): string {
  return words.actions[action] ?? action;
}

/** Who did it: a name where there is one, and what kind of actor. */
export function actorText(
  actor: Pick<AuditLine, "actorName" | "actorId" | "actorType">,
  words: Texts["audit"],
): string {
  if (actor.actorType === "system") return words.actorTypes.system ?? actor.actorType;
  return actor.actorName ?? actor.actorId;
}

export function targetTypeText(type: string, words: Texts["audit"]): string {
  return words.targetTypes[type] ?? type;
}
