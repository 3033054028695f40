/** The query of an address as Next gives it to a page. */
export type GivenParams = Readonly<Record<string, string | string[] | undefined>>;

/** The same as the browser gives it, so that one reader serves the page and the screen. */
export function paramsOf(given: GivenParams): URLSearchParams {
  return new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    ),
  );
}
