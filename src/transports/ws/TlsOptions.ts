import type { ConnectionOptions } from 'node:tls';

/** What `node:tls` is given for a `wss:` URL: `ca`, `cert`, `key`, `servername`, `rejectUnauthorized`… */
export type TlsOptions = Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'timeout'>;
