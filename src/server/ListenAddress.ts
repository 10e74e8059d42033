/** Where a server listens. */
export interface ListenAddress {
  /** 0 where it listens on no port but on a pipe or Unix socket. */
  readonly port: number;
  /** What a client on the same machine connects to: `ws://localhost:8080`; `wss:` with TLS. */
  readonly url: string;
}
