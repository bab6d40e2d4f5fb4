import { badRequest } from '../admission.js';

/** A field's value as it stands on the wire: a number, or the bytes of a text, a message or a fixed-size number. */
export type WireValue = bigint | Uint8Array;

/** The fields of one protobuf message by number, each in the order in which it was written. */
export type WireMessage = ReadonlyMap<number, readonly WireValue[]>;

/** Reads a message. Throws BAD_REQUEST on bytes that are none. */
export function readMessage(bytes: Uint8Array): WireMessage {
  const reader = new Reader(bytes);
  const fields = new Map<number, WireValue[]>();
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const number = Math.floor(tag / 8);
    const value = reader.value(tag % 8);
    const known = fields.get(number);
    if (known === undefined) fields.set(number, [value]);
    else known.push(value);
  }
  return fields;
}

/** The numbers of a field that is written as one run of them. */
export function readPacked(bytes: Uint8Array): bigint[] {
  const reader = new Reader(bytes);
  const numbers: bigint[] = [];
  while (!reader.isAtEnd) numbers.push(reader.varint());
  return numbers;
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  value(wireType: number): WireValue {
    if (wireType === 0) return this.varint();
    if (wireType === 1) return this.take(8);
    if (wireType === 2) return this.take(Number(this.varint()));
    if (wireType === 5) return this.take(4);
    throw badRequest(`proto: illegal wireType ${wireType}`);
  }

  varint(): bigint {
    let number = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw badRequest('unexpected EOF');
      number |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, number);
    }
    throw badRequest('proto: integer overflow');
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw badRequest('unexpected EOF');
    const taken = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }
}
