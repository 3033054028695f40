import { makeColumns, type PointColumns } from "#components/x-view/unpack-points.ts";
import { xViewOutcomes } from "#server/x-view/x-view.values.ts";

const unknown = xViewOutcomes.indexOf("unknown");
const netCanceled = xViewOutcomes.indexOf("netCanceled");

/** A reply of the server: all there is from `fromMs` on. `vans` and `malls` name the places in its columns. */
export type PointBatch = Readonly<{
  fromMs: number;
  columns: PointColumns;
  vans: readonly string[];
  malls: readonly string[];
}>;

/**
 * The points of a window, ordered by end time, in typed arrays: 50,000 of them are a megabyte and cost the collector
 * nothing. Places in `first <= index < end` hold points; the room before `first` is freed when the arrays are full.
 */
export class PointStore {
  columns: PointColumns = makeColumns(4_096);
  first = 0;
  end = 0;
  /** What the places in the columns `van` and `mall` stand for. */
  readonly vans: string[] = [];
  readonly malls: string[] = [];

  get count(): number {
    return this.end - this.first;
  }

  /** The first place whose end time is `atMs` or later; `end` when there is none. */
  indexAt(atMs: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.columns.atMs[middle] ?? 0) < atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes a reply: what is held from its `fromMs` on gives way to it, so overlapping replies double nothing. */
  replaceFrom({ fromMs, columns, vans, malls }: PointBatch): void {
    this.end = this.indexAt(fromMs);
    this.makeRoom(columns.length);
    const { atMs, durationMs, outcome, operation, van, mall } = this.columns;
    atMs.set(columns.atMs, this.end);
    durationMs.set(columns.durationMs, this.end);
    outcome.set(columns.outcome, this.end);
    operation.set(columns.operation, this.end);
    const vanPlaces = vans.map((code) => placeOf(this.vans, code));
    const mallPlaces = malls.map((id) => placeOf(this.malls, id));
    for (let index = 0; index < columns.length; index++) {
      van[this.end + index] = vanPlaces[columns.van[index] ?? 0] ?? 0;
      mall[this.end + index] = mallPlaces[columns.mall[index] ?? 0] ?? 0;
    }
    this.end += columns.length;
  }

  /** Forgets what ended before `atMs`. */
  dropBefore(atMs: number): void {
    this.first = this.indexAt(atMs);
  }

  /** The newest unknown points that ended before `atMs`, by end time: the server is asked what became of them. */
  unknownsBefore(atMs: number, max: number): number[] {
    const found: number[] = [];
    for (let index = this.indexAt(atMs) - 1; index >= this.first && found.length < max; index--)
      if (this.columns.outcome[index] === unknown) found.push(this.columns.atMs[index] ?? 0);
    return found;
  }

  /** Marks an unknown point as net-cancelled. False when there is none of that end and response time. */
  settle(atMs: number, durationMs: number): boolean {
    for (let index = this.indexAt(atMs); index < this.end && this.columns.atMs[index] === atMs; index++)
      if (this.columns.outcome[index] === unknown && this.columns.durationMs[index] === durationMs) {
        this.columns.outcome[index] = netCanceled;
        return true;
      }
    return false;
  }

  private makeRoom(added: number): void {
    if (this.end + added <= this.columns.length) return;
    const needed = this.count + added;
    // Twice what is needed, so that the points move once per window and not at each reply.
    const roomier = needed * 2 > this.columns.length ? makeColumns(needed * 2) : this.columns;
    for (const name of ["atMs", "durationMs", "outcome", "operation", "van", "mall"] as const)
      roomier[name].set(this.columns[name].subarray(this.first, this.end));
    this.columns = roomier;
    this.end -= this.first;
    this.first = 0;
  }
}

function placeOf(names: string[], name: string): number {
  const place = names.indexOf(name);
  return place === -1 ? names.push(name) - 1 : place;
}
