import type { Shape } from "./shape.ts";
import { NumberList, StateStore } from "./state-store.ts";

/**
 * Offers a step that may happen next: `change` makes the next state out of a copy of the present one.
 * A step of kind `choice` need never happen, such as another request of the mall; a state that offers nothing else is at
 * rest. Every other step happens sooner or later unless another one comes between.
 */
export type Offer<State> = (what: string, change: (next: State) => void, kind?: "choice") => void;

/** A protocol as a set of states and the steps between them. */
export type Model<State> = Readonly<{
  shape: Shape<State>;
  initial: State;
  steps(state: State, offer: Offer<State>): void;
  /** What must not be so in any state, by name. */
  violations(state: State): readonly string[];
  /** What must not be so where nothing more will happen. */
  violationsAtRest(state: State): readonly string[];
}>;

export type Finding = Readonly<{
  violations: readonly string[];
  /** A shortest way there: what happened, step by step. */
  trace: readonly string[];
}>;

export type Exploration = Readonly<{
  states: number;
  steps: number;
  /** States in which nothing more will happen. */
  atRest: number;
  /** Steps from the start to the farthest state. */
  depth: number;
  /** Bytes of the states and their table, the ways there and the edges between them. */
  bytes: number;
  /** The first violation found, or nothing when every state is as it should be. */
  finding: Finding | undefined;
}>;

/** A state from which no sequence of steps leads to a good end. */
const cannotConverge = "CANNOT_CONVERGE";

/**
 * Visits every state that the model can reach, nearest first, and stops at the first violation, so that its trace is a
 * shortest one. Without a violation it also proves that every state can still come to a good end: whatever faults have
 * happened so far, the money matter closes once they stop. Throws a `RangeError` past `statesMax` states.
 */
export function explore<State>(model: Model<State>, statesMax = 20_000_000): Exploration {
  const { shape } = model;
  const store = new StateStore(shape.size);
  const parents = new NumberList();
  const targets = new NumberList();
  const firstTargets = new NumberList();
  const goodEnds = new NumberList();
  const scratch = new Uint8Array(shape.size);
  const current = new Uint8Array(shape.size);
  let depth = 0;
  let endOfDepth = 1;

  const report = (number: number | undefined, violations: readonly string[]): Exploration => ({
    states: store.count,
    steps: targets.length,
    atRest: goodEnds.length,
    depth,
    bytes: store.bytes + 4 * (parents.length + targets.length + firstTargets.length + goodEnds.length),
    finding: number === undefined ? undefined : { violations, trace: traceTo(model, store, parents, number) },
  });

  shape.write(scratch, 0, model.initial);
  store.add(scratch);
  parents.push(-1);
  for (let number = 0; number < store.count; number++) {
    if (number === endOfDepth) {
      depth++;
      endOfDepth = store.count;
    }
    // The view moves when the store grows, so the state under visit is copied once.
    current.set(store.at(number));
    const state = shape.read(current, 0);
    const violations = model.violations(state);
    if (violations.length > 0) return report(number, violations);

    firstTargets.push(targets.length);
    let isAtRest = true;
    model.steps(state, (_, change, kind) => {
      const next = shape.read(current, 0);
      change(next);
      shape.write(scratch, 0, next);
      const known = store.count;
      const target = store.add(scratch);
      if (target === number) return;
      if (target === known) parents.push(number);
      targets.push(target);
      if (kind !== "choice") isAtRest = false;
    });
    if (store.count > statesMax) throw new RangeError(`more than ${statesMax} states`);
    if (isAtRest) {
      const wrongs = model.violationsAtRest(state);
      if (wrongs.length > 0) return report(number, wrongs);
      goodEnds.push(number);
    }
  }
  firstTargets.push(targets.length);
  const doomed = firstDoomed(store.count, firstTargets, targets, goodEnds);
  return report(doomed, [cannotConverge]);
}

/** The nearest state that can reach none of the good ends: a walk from these ends against the edges misses it. */
function firstDoomed(
  count: number,
  firstTargets: NumberList,
  targets: NumberList,
  goodEnds: NumberList,
): number | undefined {
  const firstSources = new Int32Array(count + 1);
  for (let edge = 0; edge < targets.length; edge++) bump(firstSources, targets.at(edge) + 1);
  for (let number = 0; number < count; number++) bump(firstSources, number + 1, firstSources[number]);
  const sources = new Int32Array(targets.length);
  const filled = firstSources.slice();
  for (let number = 0; number < count; number++) {
    for (let edge = firstTargets.at(number); edge < firstTargets.at(number + 1); edge++) {
      const target = targets.at(edge);
      sources[filled[target] ?? 0] = number;
      bump(filled, target);
    }
  }

  const converges = new Uint8Array(count);
  const open = new NumberList();
  const reach = (number: number) => {
    if (converges[number] === 1) return;
    converges[number] = 1;
    open.push(number);
  };
  for (let i = 0; i < goodEnds.length; i++) reach(goodEnds.at(i));
  for (let i = 0; i < open.length; i++) {
    const number = open.at(i);
    const end = firstSources[number + 1] ?? 0;
    for (let edge = firstSources[number] ?? 0; edge < end; edge++) reach(sources[edge] ?? 0);
  }
  const doomed = converges.indexOf(0);
  return doomed < 0 ? undefined : doomed;
}

function bump(counts: Int32Array, index: number, by = 1): void {
  counts[index] = (counts[index] ?? 0) + by;
}

/** Names the steps of the way by which a state was first reached, by taking them once more. */
function traceTo<State>(
  { shape, steps }: Model<State>,
  store: StateStore,
  parents: NumberList,
  number: number,
): string[] {
  const way: number[] = [];
  for (let at = number; at >= 0; at = parents.at(at)) way.unshift(at);
  const scratch = new Uint8Array(shape.size);
  const trace: string[] = [];
  for (let i = 1; i < way.length; i++) {
    const from = store.at(way[i - 1] ?? 0).slice();
    const to = store.at(way[i] ?? 0);
    let name: string | undefined;
    steps(shape.read(from, 0), (what, change) => {
      const next = shape.read(from, 0);
      change(next);
      shape.write(scratch, 0, next);
      if (name === undefined && scratch.every((byte, at) => byte === to[at])) name = what;
    });
    trace.push(name ?? "?");
  }
  return trace;
}
