import { Subject, type Subscriber } from 'rxjs';
import { closeEvent } from '../../transports/closeEvent.ts';
import { LateTransport } from '../../transports/LateTransport.ts';
import type { SocketCloseEvent, SocketEvent, SocketMessageEvent } from '../../transports/SocketEvents.ts';
import type { OpenedSocket, SocketObserver, SocketOpener } from '../../transports/SocketOpener.ts';
import { Observers } from './Observers.ts';
import { Sender, type Serialized } from './Sender.ts';
import type { WebSocketSubjectConfig } from './WebSocketSubjectConfig.ts';

/** How the user ends a connection: with a code, or because something failed. */
export type Ending = { readonly code: number; readonly reason: string } | { readonly failure: unknown };

/**
 * One connection of a subject, from the first value that waits for it to the last event of its socket. Nothing of it
 * reaches another one: what is late is late for this one alone.
 */
export class Session<T> implements SocketObserver {
  private readonly config: WebSocketSubjectConfig<T>;
  private readonly opener: SocketOpener;
  readonly observers: Observers;
  private readonly transport: LateTransport;
  private readonly sender: Sender<T>;
  private readonly output = new Subject<T>();
  private isOpen = false;
  /** Its socket is closed, or was asked to be. */
  private isReleased = false;
  private ending: Ending | undefined;
  /** Nothing more is sent, or asked of it. */
  private isOver = false;
  /** A message could not be read: it ends with its last subscriber, who may still say why. */
  private hasFailed = false;

  constructor(config: WebSocketSubjectConfig<T>, opener: SocketOpener) {
    this.config = config;
    this.opener = opener;
    this.observers = new Observers(config);
    this.transport = new LateTransport(opener.clock, (error) => {
      // The user's own code could not be sent. That of an overflow may not be, in a page, and is told all the same.
      if (this.isOver) this.output.error(error);
    });
    this.sender = new Sender(config, opener, this.transport, this.observers);
  }

  /** Who subscribes from now on needs another one. */
  get isSpent(): boolean {
    return this.isOver || this.hasFailed;
  }

  subscribe(subscriber: Subscriber<T>): void {
    this.connect();
    this.output.subscribe(subscriber);
    subscriber.add(() => {
      if (!this.output.observed) this.abandon();
    });
  }

  send(value: T): void {
    if (!this.isOver && this.canSend) this.transmit(value);
    else this.sender.refuse(this.isOver);
  }

  /** What a subscriber says when it leaves: to another connection it would mean nothing. */
  sendLast(value: T): void {
    if (this.canSend) this.transmit(value);
  }

  private get canSend(): boolean {
    return !this.isReleased && this.ending === undefined && this.sender.isOpen;
  }

  private transmit(value: T): void {
    let message: Serialized;
    try {
      message = this.sender.serialize(value);
    } catch (error) {
      this.end({ failure: error });
      return;
    }
    this.sender.send(message);
    if (!this.sender.isOpen && !this.isOver) this.overflowed();
  }

  /** Ends it behind what was sent; before it is open that waits for the opening too. */
  end(ending: Ending): void {
    if (this.isOver || this.ending !== undefined) return;
    this.ending = ending;
    if (!this.isOpen) return;
    this.observers.closing();
    this.isOver = true;
    // Whoever gets the error leaves, and the last one closes.
    if ('failure' in ending) this.output.error(ending.failure);
    else this.close(ending.code, ending.reason);
  }

  /** Closes; who is still subscribed hears of the end. */
  abandon(): void {
    this.isOver = true;
    const { socket } = this.transport;
    if (socket === undefined) this.sender.drop();
    else if (socket.isLive) this.close(1000, '');
  }

  opened(opened: OpenedSocket): void {
    const { transport } = this;
    transport.attach(opened);
    if (this.isReleased) {
      transport.socket?.close();
      return;
    }
    this.observers.open(opened.event);
    this.isOpen = true;
    const { ending } = this;
    this.ending = undefined;
    transport.flush();
    if (ending !== undefined) this.end(ending);
  }

  message(event: SocketMessageEvent): void {
    if (!this.output.observed) return;
    const { deserializer = parse<T> } = this.config;
    let value: T;
    try {
      value = deserializer(event);
    } catch (error) {
      this.hasFailed = true;
      this.output.error(error);
      return;
    }
    this.output.next(value);
  }

  failed(event: SocketEvent): void {
    this.isOver = this.isReleased = true;
    this.sender.drop();
    this.fail(event);
  }

  closed(event: SocketCloseEvent): void {
    this.isOver = this.isReleased = true;
    this.sender.ended(event);
    this.observers.close(event);
    if (event.wasClean) this.output.complete();
    else this.fail(event);
  }

  threw(error: unknown): void {
    this.sender.drop();
    if (!this.isOver) {
      this.end({ failure: error });
      return;
    }
    // It was about to be closed behind what could not be sent.
    if (this.output.observed) this.output.error(error);
    else this.observers.report(error);
    this.transport.close(1000, '');
  }

  private connect(): void {
    const { transport, config, opener } = this;
    if (transport.socket !== undefined || this.isOver || !this.sender.isOpen) return;
    const { url, protocol, binaryType } = config;
    try {
      transport.socket = opener.open({ url, protocol, binaryType }, this);
    } catch (error) {
      this.isOver = true;
      this.sender.drop();
      this.output.error(error);
    }
  }

  /** With an event, too: RxJS takes anything for an error. */
  private fail(error: unknown): void {
    this.output.error(error);
  }

  private close(code: number, reason: string): void {
    if (this.isReleased) return;
    this.isReleased = true;
    if (!this.isOpen) this.sender.drop();
    this.sender.close(code, reason);
  }

  /** Too much waits: the engine has closed with 1013. Where nobody has subscribed yet, the first to do so is told. */
  private overflowed(): void {
    this.isReleased = true;
    this.isOver = this.transport.socket !== undefined;
    this.fail(closeEvent({ code: 1013, reason: 'too slow', wasClean: false }));
  }
}

function parse<T>(event: SocketMessageEvent): T {
  return JSON.parse((event as { data: string }).data) as T;
}
