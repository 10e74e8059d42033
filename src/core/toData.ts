import type { Data } from './Data.ts';
import { InvalidArgumentError } from './InvalidArgumentError.ts';
import { onRejection } from './onRejection.ts';

/** The same bytes as a `Uint8Array`, without a copy; anything but text and bytes is refused. */
export function toData(value: unknown): Data {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // By tag and not by `instanceof`: an ArrayBuffer of another realm is one too.
  if (Object.prototype.toString.call(value) === '[object ArrayBuffer]')
    return new Uint8Array(value as ArrayBuffer);
  // An `async` encode is refused like anything that is no message; what it rejects with is nobody's.
  onRejection(value, () => {});
  throw new InvalidArgumentError(
    `a message is a string or bytes, not ${describe(value)}; use a codec to send values`,
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object'
    ? `an object (${Object.prototype.toString.call(value).slice(8, -1)})`
    : `a ${typeof value}`;
}
