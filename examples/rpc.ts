// Calls in both directions over one connection. Without arguments it serves; with a URL it is a client of that.
import {
  type Connection,
  type Peer,
  connect,
  flowMap,
  handle,
  json,
  listen,
  reconnect,
  request,
} from 'rxjs-ws';
import {
  type Observable,
  catchError,
  defer,
  filter,
  from,
  ignoreElements,
  map,
  merge,
  of,
  switchMap,
  tap,
} from 'rxjs';

interface Call {
  id: number;
  method: string;
  params: unknown;
}
interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}
type Rpc = Call | Reply;
type Methods = Record<string, (params: unknown) => Promise<unknown>>;
const isCall = (message: Rpc): message is Call => 'method' in message;
const codec = json<Rpc>();

let last = 0;
const call = (peer: Peer<Rpc, Rpc>, method: string, params: unknown): Observable<unknown> =>
  defer(() => {
    const id = ++last;
    const matches = (message: Rpc): message is Reply => !isCall(message) && message.id === id;
    return request(peer, { id, method, params }, { matches, timeoutMs: 5_000 }).pipe(
      map(({ result, error }) => {
        if (error !== undefined) throw new Error(error);
        return result;
      }),
    );
  });

// Sixteen at a time; while more wait, nothing further is read.
const answers = (connection: Connection<Rpc, Rpc>, methods: Methods): Observable<Reply> =>
  connection.messages.pipe(
    filter(isCall),
    flowMap(
      connection,
      ({ id, method, params }) =>
        defer(() => from(methods[method]!(params))).pipe(
          map((result) => ({ id, result })),
          catchError((error: unknown) => of({ id, error: String(error) })),
        ),
      { concurrency: 16 },
    ),
  );

const [url] = process.argv.slice(2);
if (url === undefined) {
  listen({
    port: Number(process.env.PORT ?? 8080),
    codec,
    listening: ({ url }) => console.log(url),
  })
    .pipe(
      handle((connection) =>
        merge(
          answers(connection, {
            add: (params) => Promise.resolve((params as number[]).reduce((a, b) => a + b)),
          }),
          call(connection, 'whoAreYou', null).pipe(
            tap((name) => console.log(`${name as string} is here`)),
            ignoreElements(),
          ),
        ),
      ),
    )
    .subscribe();
} else {
  connect({ url, codec })
    .pipe(
      switchMap((connection) =>
        merge(
          answers(connection, { whoAreYou: () => Promise.resolve('a client') }).pipe(
            tap(connection.send),
            ignoreElements(),
          ),
          call(connection, 'add', [1, 2, 3]),
        ),
      ),
      reconnect(),
    )
    .subscribe({ next: (sum) => console.log(`1 + 2 + 3 = ${sum as number}`), error: console.error });
}
