/** The HTTP request that a connection began with. */
export interface Handshake {
  readonly url: URL;
  /** The path without the query: `/chat`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /**
   * Header fields by lower-case name: on a server those of the request, on a client those of the response. A page
   * sees none.
   */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The address of the other end; empty where the platform does not tell. */
  readonly remoteAddress: string;
}
