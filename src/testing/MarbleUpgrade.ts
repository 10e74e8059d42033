import type { IncomingMessage } from 'node:http';
import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';
import { toData } from '../core/toData.ts';
import { PendingUpgrade } from '../server/PendingUpgrade.ts';
import type { Upgrade } from '../server/Upgrade.ts';
import { isSame } from './isSame.ts';
import { MarbleArrival } from './MarbleArrival.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';
import type { MarbleUpgradeConfig } from './MarbleUpgradeConfig.ts';
import type { Diagram } from './parseDiagram.ts';
import { PeerScript } from './PeerScript.ts';
import type { Recording } from './Recording.ts';
import { virtualClock } from './virtualClock.ts';

/**
 * A request whose client is a diagram, for `accept`. It arrives, and its diagram starts, when it is handed over: when any
 * member of it is first asked for.
 */
export class MarbleUpgrade implements Upgrade {
  readonly diagram: Diagram;
  readonly recording: Recording;
  private readonly arrival: MarbleArrival;
  private readonly script: PeerScript;
  private readonly config: MarbleUpgradeConfig;
  private readonly scheduler: MarbleScheduler;
  /** In which frame it was handed over, if it was. */
  begunAt: number | undefined;

  constructor(
    scheduler: MarbleScheduler,
    incoming: string,
    values: Readonly<Record<string, unknown>> | undefined,
    config: MarbleUpgradeConfig,
  ) {
    const { codec } = config as { codec?: Codec<unknown, unknown> };
    this.scheduler = scheduler;
    this.config = config;
    const toMessage = (value: unknown) => toData(codec === undefined ? value : codec.encode(value));
    this.script = new PeerScript(scheduler, { where: 'upgrade', incoming, values }, config, toMessage);
    this.diagram = this.script.diagram;
    const url = new URL(config.url ?? 'ws://localhost/');
    const request = requestOf(url, config);
    const { remoteAddress = '127.0.0.1' } = config;
    const headers = request.headers as Record<string, string>;
    const handshake = { url, path: url.pathname, query: url.searchParams, headers, remoteAddress };
    this.arrival = new MarbleArrival(scheduler, request, handshake);
    this.recording = this.arrival.recording;
    const { peer } = this.arrival.transport;
    peer.pongMs = config.pongMs ?? 0;
    peer.closeMs = config.closeMs ?? 0;
  }

  get raw(): IncomingMessage {
    return this.begin().request;
  }

  get params(): Readonly<Record<string, string>> {
    this.begin();
    return this.config.params ?? {};
  }

  get url(): URL {
    return this.begin().handshake.url;
  }

  get path(): string {
    return this.begin().handshake.path;
  }

  get query(): URLSearchParams {
    return this.begin().handshake.query;
  }

  get headers(): Readonly<Record<string, string | undefined>> {
    return this.begin().handshake.headers;
  }

  get remoteAddress(): string {
    return this.begin().handshake.remoteAddress;
  }

  /** Whether the client's codec makes `value` of `wire`. */
  isWire(value: unknown, wire: Data): boolean {
    const { codec } = this.config;
    return codec !== undefined && isSame(codec.decode(wire), value);
  }

  private begin(): MarbleArrival {
    if (this.begunAt === undefined) {
      this.begunAt = this.scheduler.frame;
      const { supported: protocols = [], handshakeTimeoutMs: timeoutMs = 10_000 } = this.config;
      const clock = virtualClock(this.scheduler);
      // It is found by its request.
      void new PendingUpgrade(this.arrival, { protocols, timeoutMs, clock }, () => {});
      this.script.play(this.arrival.peer);
    }
    return this.arrival;
  }
}

/** As much of Node's request as can be read without a socket. */
function requestOf(url: URL, { headers = {}, protocols = [] }: MarbleUpgradeConfig): IncomingMessage {
  const all: Record<string, string> = {
    host: url.host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
    ...(protocols.length > 0 ? { 'sec-websocket-protocol': protocols.join(', ') } : {}),
    ...headers,
  };
  return {
    method: 'GET',
    url: `${url.pathname}${url.search}`,
    httpVersion: '1.1',
    headers: all,
    rawHeaders: Object.entries(all).flat(),
    socket: {},
  } as unknown as IncomingMessage;
}
