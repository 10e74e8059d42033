// What users of `rxjs/webSocket` have written. It has to compile with the import changed, and nothing else.
export const program = `
import {
  BehaviorSubject, EMPTY, from, isObservable, merge, Observable, Observer, of, retry, Subject, Subscription,
  SubscriptionLike, timer,
} from 'rxjs';
import { catchError, delayWhen, filter, map, retryWhen, share, switchAll, takeUntil, tap } from 'rxjs/operators';
import { webSocket, WebSocketSubject, WebSocketSubjectConfig } from 'rxjs/webSocket';

interface Message { type: string; payload?: unknown }

export class Service {
  private socket: WebSocketSubject<Message> | undefined;
  private messagesSubject = new Subject<Observable<Message>>();
  readonly messages: Observable<Message> = this.messagesSubject.pipe(switchAll(), catchError((e) => { throw e; }));
  readonly status = new BehaviorSubject(false);
  private subject: Subject<Message> = webSocket<Message>('ws://localhost:8081');
  private anything: WebSocketSubject<any> = new WebSocketSubject('ws://localhost:8081');
  private subscription: Subscription = Subscription.EMPTY;

  connect(cfg: { reconnect: boolean } = { reconnect: false }): void {
    if (!this.socket || this.socket.closed) {
      this.socket = this.makeSocket('wss://example.com/ws');
      const messages = this.socket.pipe(
        cfg.reconnect ? (o: Observable<Message>) => o.pipe(retryWhen((errors) => errors.pipe(delayWhen(() => timer(1000))))) : (o) => o,
        tap({ error: (error) => console.log(error) }),
        catchError(() => EMPTY),
      );
      this.messagesSubject.next(messages);
      this.subscription = this.socket.asObservable().pipe(share()).subscribe((m) => console.log(m.type));
    }
  }
  send(msg: Message) { this.socket?.next(msg); this.anything.next({ whatever: true }); this.subject.next(msg); }
  close() {
    this.socket?.complete();
    this.socket?.error({ code: 4000, reason: 'bye' });
    this.socket?.unsubscribe();
    this.socket = undefined;
    this.subscription.unsubscribe();
  }
  private makeSocket(url: string): WebSocketSubject<Message> {
    return webSocket<Message>({
      url,
      openObserver: { next: (event: Event) => { this.status.next(true); const socket = event.target as WebSocket; console.log(socket.binaryType); } },
      closeObserver: { next: (event: CloseEvent) => { if (!event.wasClean && event.code !== 1000) console.log(event.reason); } },
      closingObserver: { next: () => console.log('closing'), error: console.error, complete: () => {} },
    });
  }
}

const opened = new Subject<Event>();
const closed = new Subject<CloseEvent>();
export const config: WebSocketSubjectConfig<Message> = {
  url: 'ws://localhost',
  protocol: ['a', 'b'],
  serializer: (value) => JSON.stringify(value),
  deserializer: (e: MessageEvent) => JSON.parse(e.data) as Message,
  openObserver: opened,
  closeObserver: closed,
  closingObserver: new Subject<void>(),
  WebSocketCtor: WebSocket,
  binaryType: 'arraybuffer',
};
config.url = 'ws://elsewhere';
export const text = config.serializer!({ type: 'x' });
if (typeof text === 'string') new WebSocket('ws://x').send(text);

class Fake extends WebSocket {}
class Mock { constructor(readonly url: string, readonly protocols?: string | string[]) {} }
const Ctor: { new (url: string, protocols?: string | string[]): WebSocket } = WebSocket;
webSocket<number>({ url: '', WebSocketCtor: Fake, serializer: String, protocol: 'v1' });
webSocket<number>({ url: '', WebSocketCtor: Mock as any });
webSocket<number>({ url: '', WebSocketCtor: Ctor, resultSelector: (e) => Number(e.data) });
webSocket<ArrayBuffer>({ url: '', serializer: (x) => x, deserializer: ({ data }) => data, binaryType: 'blob' });
webSocket<Uint8Array>({ url: '', serializer: (bytes) => new Blob([bytes as any]) });
const lengths: Observable<number> = webSocket({ url: '', deserializer: (e) => e.data as string }).pipe(map((s) => s.length));
const unknowns: Observable<unknown> = webSocket('ws://x');

const socket = new WebSocketSubject<Message>(config);
const parts: Observable<Message> = socket.multiplex(
  () => ({ subscribe: 'A' }), () => ({ unsubscribe: 'A' }), (message) => message.type === 'A');
const observer: Observer<Message> = socket;
const like: SubscriptionLike = socket;
const asSubject: Subject<Message> = socket;
const untyped: Subject<any> = <Subject<any>>socket;
of<Message>({ type: 'x' }).subscribe(socket);
merge(socket, parts, from(socket)).pipe(filter(isObservable), takeUntil(closed), retry({ delay: 100 })).subscribe();
socket.subscribe({ next: (m) => m.type, error: (e: CloseEvent | Event) => e.type, complete: () => {} });
socket.forEach((m) => console.log(m.type)).then(() => {});
export const all = [lengths, unknowns, observer, like, asSubject, untyped, socket.observed, socket instanceof WebSocketSubject];
export function takes(s: WebSocketSubject<Message>): s is WebSocketSubject<Message> { return isObservable(s); }
takes(socket);
`;
