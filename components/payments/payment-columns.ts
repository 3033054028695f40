/** The columns of the list, in their first order. `status` and `order` say which payment it is: they stay. */
export const paymentColumns = [
  "status",
  "time",
  "mall",
  "order",
  "method",
  "amount",
  "canceled",
  "balance",
  "origin",
  "van",
] as const;
export type PaymentColumn = (typeof paymentColumns)[number];

const lasting: readonly PaymentColumn[] = ["status", "order"];

/** True when a column cannot be hidden. */
export function isLasting(column: PaymentColumn): boolean {
  return lasting.includes(column);
}

/** A choice of columns as it is shown: only known ones, each once, those that stay among them; nothing chosen is all. */
export function columnsOf(chosen: readonly string[] | null | undefined): readonly PaymentColumn[] {
  if (!chosen) return paymentColumns;
  const known = [...new Set(chosen)].filter((name): name is PaymentColumn =>
    (paymentColumns as readonly string[]).includes(name),
  );
  return known.length === 0
    ? paymentColumns
    : [...lasting.filter((column) => !known.includes(column)), ...known];
}

/** The same columns with one moved by `step` places; at an end it stays. */
export function moveColumn(
  columns: readonly PaymentColumn[],
  column: PaymentColumn,
  step: 1 | -1,
): readonly PaymentColumn[] {
  const from = columns.indexOf(column);
  const to = from + step;
  if (from < 0 || to < 0 || to >= columns.length) return columns;
  const moved = columns.filter((other) => other !== column);
  return [...moved.slice(0, to), column, ...moved.slice(to)];
}
