import { expect, test } from "vitest";
import { openPlaces } from "#server/platform/places.ts";

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

test("as many work at once as there are places, the others in the order in which they came", async () => {
  const places = openPlaces({ atOnceMax: 2, waitMs: 10_000 });
  const order: number[] = [];
  const inside = new Map<number, () => void>();
  const come = (n: number) =>
    void places.take().then((leave) => {
      order.push(n);
      inside.set(n, leave ?? (() => undefined));
    });
  for (let n = 1; n <= 5; n++) come(n);
  await soon();
  expect(order).toEqual([1, 2]);
  inside.get(2)?.();
  // What is given back twice is one place.
  inside.get(2)?.();
  await soon();
  expect(order).toEqual([1, 2, 3]);
  inside.get(1)?.();
  inside.get(3)?.();
  await soon();
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

test("who waited too long has none, and takes none when one becomes free afterwards", async () => {
  const places = openPlaces({ atOnceMax: 1, waitMs: 20 });
  const leave = await places.take();
  expect(await places.take()).toBeUndefined();
  leave?.();
  const again = await places.take();
  expect(again).toBeTypeOf("function");
  expect(await places.take()).toBeUndefined();
});
