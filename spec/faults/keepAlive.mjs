import { readFileSync } from 'node:fs';

/** Whether the library has a keep-alive: lines that need one are run from then on. */
const types = new URL('../../dist/esm/connection/ConnectionConfig.d.ts', import.meta.url);
export const hasKeepAlive = /\bkeepAlive\b/.test(readFileSync(types, 'utf8'));
