import { Buffer } from 'node:buffer';

/** So many slots has a Redis Cluster. */
export const SLOTS = 16_384;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

const OPENS = 0x7b;
const CLOSES = 0x7d;

/** The slot of a key or a sharded channel: CRC-16 (XMODEM) of its hash tag, or of all of it where it has none. */
export function slotOf(key: string | Uint8Array): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key;
  const opens = bytes.indexOf(OPENS);
  const closes = opens === -1 ? -1 : bytes.indexOf(CLOSES, opens + 1);
  const isTagged = closes > opens + 1;
  const end = isTagged ? closes : bytes.length;
  let crc = 0;
  for (let i = isTagged ? opens + 1 : 0; i < end; i++)
    crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ bytes[i]!]!;
  return crc % SLOTS;
}
