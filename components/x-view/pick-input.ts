import type { Box } from "#components/x-view/plot-scale.ts";
import type { XView } from "#components/x-view/x-view-url.ts";
import { xViewOutcomes } from "#server/x-view/x-view.values.ts";

/** How many transactions the list shows before one asks for more. */
export const pickedPageSize = 50;

/** The question for the transactions of a box, as the page and the document that comes with answers both ask it. */
export function pickInputOf({ van, mall, operation, hidden }: XView, box: Box) {
  return {
    van: [...van],
    mall: [...mall],
    operation: [...operation],
    outcome: hidden.length > 0 ? xViewOutcomes.filter((outcome) => !hidden.includes(outcome)) : [],
    ...box,
  };
}
