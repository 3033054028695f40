/**
 * Keeps states of one width, each once, under the number of their arrival. States lie side by side in one growing
 * array, found again through an open-addressing hash table: about 1.5 times the width of a state plus eight bytes each.
 */
export class StateStore {
  readonly #width: number;
  #count = 0;
  #states: Uint8Array;
  /** Number + 1 of the state at a slot; 0 = free. Never more than half full. */
  #slots = new Int32Array(1 << 16);

  constructor(width: number) {
    this.#width = width;
    this.#states = new Uint8Array(width << 14);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes taken by states and table. */
  get bytes(): number {
    return this.#states.byteLength + this.#slots.byteLength;
  }

  /** The state with that number. The view is valid until the next `add`. */
  at(number: number): Uint8Array {
    return this.#states.subarray(number * this.#width, (number + 1) * this.#width);
  }

  /** Returns the number of the state, which is `count` as it was before if the state is new. */
  add(state: Uint8Array): number {
    if (this.#count * 2 >= this.#slots.length) this.#growTable();
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(state) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0) {
        this.#slots[slot] = this.#count + 1;
        return this.#append(state);
      }
      if (this.#isSame(known - 1, state)) return known - 1;
    }
  }

  #append(state: Uint8Array): number {
    const end = (this.#count + 1) * this.#width;
    if (end > this.#states.length) {
      const grown = new Uint8Array(this.#states.length + (this.#states.length >> 1) + this.#width);
      grown.set(this.#states);
      this.#states = grown;
    }
    this.#states.set(state, this.#count * this.#width);
    return this.#count++;
  }

  #isSame(number: number, state: Uint8Array): boolean {
    const start = number * this.#width;
    for (let i = 0; i < this.#width; i++) if (this.#states[start + i] !== state[i]) return false;
    return true;
  }

  #growTable(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#count; number++) {
      let slot = hashOf(this.at(number)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** FNV-1a with a final mix, since slots are the low bits. */
function hashOf(state: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < state.length; i++) hash = Math.imul(hash ^ (state[i] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** A list of whole numbers that grows, four bytes each. */
export class NumberList {
  #numbers = new Int32Array(1 << 14);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#numbers[index] ?? 0;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const grown = new Int32Array(this.#numbers.length * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#length++] = number;
  }
}
