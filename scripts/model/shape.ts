/**
 * How a value of finitely many forms lies in bytes. The explorer keeps millions of states as bytes; a model reads and
 * changes them as objects with words in them.
 */
export type Shape<Value> = Readonly<{
  /** Bytes that a value takes. */
  size: number;
  read(bytes: Uint8Array, at: number): Value;
  /** Throws when the value is not one of this shape: a model has left its own bounds. */
  write(bytes: Uint8Array, at: number, value: Value): void;
}>;

/** The values of a shape. */
export type ValueOf<Of> = Of extends Shape<infer Value> ? Value : never;

/** One word out of a list. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  ...words: Words
): Shape<Words[number]> {
  return {
    size: 1,
    read: (bytes, at) => words[bytes[at] ?? 0] ?? words[0],
    write(bytes, at, value) {
      const code = words.indexOf(value);
      if (code < 0) throw new RangeError(`"${value}" is none of: ${words.join(", ")}`);
      bytes[at] = code;
    },
  };
}

/** A whole number from 0 to `max`. */
export function upTo(max: number): Shape<number> {
  return {
    size: 1,
    read: (bytes, at) => bytes[at] ?? 0,
    write(bytes, at, value) {
      if (!Number.isInteger(value) || value < 0 || value > max) {
        throw new RangeError(`${value} is not between 0 and ${max}`);
      }
      bytes[at] = value;
    },
  };
}

/** Yes or no. */
export const flag: Shape<boolean> = {
  size: 1,
  read: (bytes, at) => bytes[at] === 1,
  write(bytes, at, value) {
    bytes[at] = value ? 1 : 0;
  },
};

/** So many values of one shape, one after the other. */
export function list<Value>(length: number, item: Shape<Value>): Shape<Value[]> {
  return {
    size: length * item.size,
    read(bytes, at) {
      const values: Value[] = [];
      for (let i = 0; i < length; i++) values.push(item.read(bytes, at + i * item.size));
      return values;
    },
    write(bytes, at, values) {
      if (values.length !== length) throw new RangeError(`${values.length} items where ${length} belong`);
      for (let i = 0; i < length; i++) item.write(bytes, at + i * item.size, values[i] as Value);
    },
  };
}

/** Named parts. */
export function record<Parts extends Record<string, Shape<unknown>>>(
  parts: Parts,
): Shape<{ [Name in keyof Parts]: ValueOf<Parts[Name]> }> {
  type Value = { [Name in keyof Parts]: ValueOf<Parts[Name]> };
  const fields: { name: string; shape: Shape<unknown>; offset: number }[] = [];
  let size = 0;
  for (const [name, shape] of Object.entries(parts)) {
    fields.push({ name, shape, offset: size });
    size += shape.size;
  }
  return {
    size,
    read(bytes, at) {
      const value: Record<string, unknown> = {};
      for (const { name, shape, offset } of fields) value[name] = shape.read(bytes, at + offset);
      return value as Value;
    },
    write(bytes, at, value) {
      for (const { name, shape, offset } of fields) shape.write(bytes, at + offset, value[name]);
    },
  };
}
