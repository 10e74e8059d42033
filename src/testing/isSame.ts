import { isDeepStrictEqual } from 'node:util';

/** Deep equality; bytes are the same whatever kind of view they are seen through, errors by name, message and members. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return isDeepStrictEqual(plain(a), plain(b));
  return isDeepStrictEqual(a, b);
}

/** Whether `whole` has what `part` has. */
export function includes(whole: unknown, part: object): boolean {
  return Object.entries(part).every(([key, value]) => isSame((whole as Record<string, unknown>)[key], value));
}

function plain({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return Uint8Array.prototype.slice.call(new Uint8Array(buffer, byteOffset, byteLength));
}
