import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { report } from '../core/ErrorReport.ts';
import { onRejection } from '../core/onRejection.ts';
import { addressOf } from './addressOf.ts';
import type { ListenConfig } from './ListenConfig.ts';
import { serverHandshake } from './serverHandshake.ts';
import type { UpgradeConfig } from './UpgradeConfig.ts';

/** Tells `listening` where the server listens, once it does; the result cancels it. */
export function announce(
  server: HttpServer | HttpsServer,
  { listening, onError }: Pick<ListenConfig, 'listening'> & Pick<UpgradeConfig, 'onError'>,
): () => void {
  if (listening === undefined) return () => {};
  const tell = (): void => {
    const address = addressOf(server);
    if (address === undefined) return;
    const failed = (error: unknown): void => report(onError, error, serverHandshake(server));
    try {
      if (typeof listening === 'function') onRejection(listening(address), failed);
      else {
        onRejection(listening.next?.(address), failed);
        onRejection(listening.complete?.(), failed);
      }
    } catch (error) {
      failed(error);
    }
  };
  if (addressOf(server) !== undefined) {
    tell();
    return () => {};
  }
  server.once('listening', tell);
  return () => server.off('listening', tell);
}
