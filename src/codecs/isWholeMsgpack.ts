/** Bytes that follow each first byte from 0xc0 to 0xd8: those with a size of their own (0xc4 to 0xc9) stand below. */
// prettier-ignore
const FOLLOWING = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17];

/**
 * Whether `bytes` are one value of MessagePack, by the lengths that they tell; of what they say nothing is made. A decoder
 * makes room for an array when it sees its length: five bytes may ask for gigabytes, and be followed by five more.
 * Here whatever is announced has to be there, a byte at least for each item. Throws where they end within a length.
 */
export function isWholeMsgpack(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.byteLength;
  let at = 0;
  /** Values that have to follow. */
  let due = 1;
  /** The length at `at`, in so many bytes, behind which it then stands. */
  const takeLength = (width: number): number => {
    at += width;
    if (width === 1) return view.getUint8(at - 1);
    return width === 2 ? view.getUint16(at - 2) : view.getUint32(at - 4);
  };
  const skip = (bytes: number): void => {
    at += bytes;
  };
  while (due > 0) {
    if (due > end - at) return false;
    due--;
    const first = view.getUint8(at++);
    if (first < 0x80 || first >= 0xe0) continue;
    if (first < 0x90) due += 2 * (first & 0x0f);
    else if (first < 0xa0) due += first & 0x0f;
    else if (first < 0xc0) skip(first & 0x1f);
    // bin 8 to 32, then ext 8 to 32, which have a type
    else if (first >= 0xc4 && first <= 0xc6) skip(takeLength(1 << (first - 0xc4)));
    else if (first >= 0xc7 && first <= 0xc9) skip(takeLength(1 << (first - 0xc7)) + 1);
    else if (first <= 0xd8) skip(FOLLOWING[first - 0xc0]!);
    // str 8 to 32, array 16 and 32, map 16 and 32
    else if (first <= 0xdb) skip(takeLength(1 << (first - 0xd9)));
    else if (first <= 0xdd) due += takeLength(2 << (first - 0xdc));
    else due += 2 * takeLength(2 << (first - 0xde));
  }
  return at === end;
}
