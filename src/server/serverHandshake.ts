import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Handshake } from '../core/Handshake.ts';
import { addressOf } from './addressOf.ts';

/** What `onError` gets where an error belongs to no request but to the server: its own address. */
export function serverHandshake(server: HttpServer | HttpsServer): Handshake {
  const url = new URL(addressOf(server)?.url ?? 'ws://localhost');
  return { url, path: url.pathname, query: url.searchParams, headers: {}, remoteAddress: '' };
}
