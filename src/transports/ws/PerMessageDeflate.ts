import type { ZlibOptions } from 'node:zlib';

/** How messages are compressed (RFC 7692), where both ends agree on it; passed to `ws` as it is. */
export interface PerMessageDeflate {
  serverNoContextTakeover?: boolean;
  clientNoContextTakeover?: boolean;
  serverMaxWindowBits?: number;
  clientMaxWindowBits?: number;
  /** Smaller messages are not compressed. Default 1,024 bytes. */
  threshold?: number;
  /** How many messages are compressed at a time, in the whole process. Default 10. */
  concurrencyLimit?: number;
  zlibDeflateOptions?: Omit<ZlibOptions, 'dictionary'>;
  zlibInflateOptions?: ZlibOptions;
}
