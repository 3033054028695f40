import { z } from "zod";
import { paymentFilterSchema } from "#server/payments/payment-search.schemas.ts";
import { paymentSorts } from "#server/payments/payment-search.values.ts";

/** Lists that have views. */
export const viewedLists = ["payments"] as const;

export const viewNameMax = 40;

/** How many views one person may keep of a list. */
export const ownViewsMax = 50;

/** How many views of a list may be shared, of all persons together. */
export const sharedViewsMax = 100;

const listName = z.enum(viewedLists);
const id = z.string().regex(/^view_[0-9A-Z]{26}$/);
const name = z.string().trim().min(1).max(viewNameMax);

/** Names of columns; which of them exist is the screen's affair. */
const columns = z
  .array(z.string().regex(/^[a-zA-Z]{1,32}$/))
  .min(1)
  .max(30)
  .nullable();

/** What a view holds. Amounts of the filter are digits, as in an address. */
export const viewContentSchema = z.object({
  filter: paymentFilterSchema,
  sort: z.enum(paymentSorts),
  columns,
});

/** The filter is kept as it travels, so the screen gets back what it gave. */
export type ViewContent = z.input<typeof viewContentSchema>;

export const viewListInput = z.object({ listName });
export const saveViewInput = z.object({
  listName,
  name,
  isShared: z.boolean(),
  content: viewContentSchema,
});

export const changeViewInput = z.object({
  id,
  name: name.optional(),
  isShared: z.boolean().optional(),
  content: viewContentSchema.optional(),
});

export const viewInput = z.object({ id });
export const chooseDefaultInput = z.object({ listName, id: id.nullable() });
export const chooseColumnsInput = z.object({ listName, columns });
