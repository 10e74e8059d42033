import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { boundAddresses } from './Binder.ts';
import type { ListenAddress } from './ListenAddress.ts';

/** Where `server` listens; undefined before it does. */
export function addressOf(server: HttpServer | HttpsServer): ListenAddress | undefined {
  const address = server.address() ?? boundAddresses.get(server);
  if (address === undefined) return undefined;
  // Only TLS servers have it, of whatever realm they are.
  const scheme = 'setSecureContext' in server ? 'wss' : 'ws';
  if (typeof address === 'string') return { port: 0, url: `${scheme}+unix:${address}` };
  return { port: address.port, url: `${scheme}://${hostOf(address.address)}:${address.port}` };
}

function hostOf(address: string): string {
  // Every address of the machine: one of them is the local one.
  if (address === '::' || address === '0.0.0.0') return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}
