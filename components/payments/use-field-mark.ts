"use client";

import { useState } from "react";

/** Which field is looked at: pointed at or focused (`over`), or held by a click (`held`). Fields go by their names. */
export type FieldMark = Readonly<{
  name: string | null;
  held: string | null;
  point: (name: string | null) => void;
  hold: (name: string) => void;
}>;

/** The mark that a request and its answer share. */
export function useFieldMark(): FieldMark {
  const [over, setOver] = useState<string | null>(null);
  const [held, setHeld] = useState<string | null>(null);
  return {
    name: over ?? held,
    held,
    point: setOver,
    hold: (name) => setHeld((before) => (before === name ? null : name)),
  };
}
