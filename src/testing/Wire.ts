import { Pipe, type PipeTerms } from './Pipe.ts';
import { WireEnd } from './WireEnd.ts';

/** Which end of a wire. */
export type End = 'client' | 'server';

/** What a wire is made for. */
export interface WireConfig extends PipeTerms {
  readonly serverPort: number;
  readonly clientPort: number;
  readonly encrypted: boolean;
  /** Runs a function in the async context of the server. */
  readonly within: <T>(task: () => T) => T;
}

/** A client and a server, joined: what a TCP connection is to them. */
export class Wire {
  readonly client: WireEnd;
  readonly server: WireEnd;
  private readonly pipes: { readonly client: Pipe; readonly server: Pipe };

  /** `closed` is called when both ends are closed. */
  constructor(config: WireConfig, closed: () => void) {
    const { serverPort, clientPort, encrypted } = config;
    const toServer = new Pipe(config, (chunk) => arrive(chunk, this.client, this.server));
    const toClient = new Pipe(config, (chunk) => arrive(chunk, this.server, this.client));
    this.pipes = { client: toClient, server: toServer };
    this.client = new WireEnd({
      inbound: toClient,
      outbound: toServer,
      localPort: clientPort,
      remotePort: serverPort,
      encrypted,
      allowHalfOpen: false,
    });
    this.server = config.within(
      () =>
        new WireEnd({
          inbound: toServer,
          outbound: toClient,
          localPort: serverPort,
          remotePort: clientPort,
          encrypted,
          allowHalfOpen: true,
        }),
    );
    let open = 2;
    const onClose = (): void => {
      if (--open > 0) return;
      toServer.clear();
      toClient.clear();
      closed();
    };
    this.client.once('close', onClose);
    this.server.once('close', onClose);
  }

  /** `end` reads no more. */
  stall(end: End): void {
    this.pipes[end].stall();
  }

  resume(end: End): void {
    this.pipes[end].resume();
  }

  /** Both ends see ECONNRESET; what is under way is lost. */
  reset(): void {
    this.client.reset();
    this.server.reset();
  }

  /** What is under way arrives at once. */
  hurry(): void {
    this.pipes.client.hurry();
    this.pipes.server.hurry();
  }

  /** Ends both ends, however far they are. */
  cut(): void {
    this.client.destroy();
    this.server.destroy();
  }
}

/** Who writes to an end that is gone is answered with RST. */
function arrive(chunk: Uint8Array | undefined, from: WireEnd, to: WireEnd): boolean {
  if (!to.destroyed) return to.receive(chunk);
  if (chunk !== undefined && !from.destroyed) from.reset();
  return false;
}
