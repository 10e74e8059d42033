import type { IncomingMessage } from 'node:http';
import type { RequestHandshake } from './RequestHandshake.ts';
import type { Upgrade } from './Upgrade.ts';

/** The upgrade that users see. */
export class RequestUpgrade implements Upgrade {
  readonly handshake: RequestHandshake;
  readonly params: Readonly<Record<string, string>>;
  readonly raw: IncomingMessage;

  constructor(handshake: RequestHandshake, params: Readonly<Record<string, string>>, raw: IncomingMessage) {
    this.handshake = handshake;
    this.params = params;
    this.raw = raw;
  }

  get url(): URL {
    return this.handshake.url;
  }

  get path(): string {
    return this.handshake.path;
  }

  get query(): URLSearchParams {
    return this.handshake.query;
  }

  get headers(): Readonly<Record<string, string | undefined>> {
    return this.handshake.headers;
  }

  get remoteAddress(): string {
    return this.handshake.remoteAddress;
  }
}
