import { type AnswerText, sbx1Answer, sbx2Answer } from "#server/van/sandbox/answer-texts.ts";
import type { Reason } from "#server/van/sandbox/journal-format.ts";
import type { DemoVanCode } from "./demo-vans.ts";

/** How a VAN says a reason: its code and sentence. */
export function answerOf(vanCode: DemoVanCode, reason: Reason): AnswerText {
  return vanCode === "SBX1" ? sbx1Answer(reason) : sbx2Answer(reason);
}
