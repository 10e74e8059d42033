// One contract for both ends: what arrives is validated, and each end has the types of its side. Server and client are in
// one file here; in yours they import the contract.
import { connect, handle, json, listen, reconnect } from 'rxjs-ws';
import { z } from 'zod';
import { filter, map, switchMap, tap } from 'rxjs';

// contract.ts
const toServer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('say'), text: z.string().max(200) }),
  z.object({ type: z.literal('at'), when: z.iso.datetime().transform((s) => new Date(s)) }),
]);
const toClient = z.discriminatedUnion('type', [
  z.object({ type: z.literal('said'), text: z.string() }),
  z.object({ type: z.literal('ok') }),
]);
export const server = json({ in: toServer, out: toClient });
export const client = json({ in: toClient, out: toServer });

// server.ts
const port = Number(process.env.PORT ?? 8080);
listen({
  port,
  codec: server,
  onError: (error) => console.error((error as Error).message),
  listening: ({ url }) => console.log(url),
})
  .pipe(
    handle(({ messages }) =>
      messages.pipe(
        map((m) =>
          m.type === 'say'
            ? { type: 'said' as const, text: m.text }
            : { type: 'said' as const, text: m.when.toISOString() },
        ),
      ),
    ),
  )
  .subscribe();

// client.ts
const url = `ws://localhost:${port}`;
connect({ url, codec: client })
  .pipe(
    tap(({ send }) => send({ type: 'at', when: '2026-01-01T00:00:00Z' })),
    switchMap(({ messages }) => messages),
    reconnect(),
    filter((m) => m.type === 'said'),
  )
  .subscribe(({ text }) => console.log(text));

export const wrong = connect({ url, codec: client }).pipe(
  // @ts-expect-error a Date is what the server gets, not what the client sends
  tap(({ send }) => send({ type: 'at', when: new Date() })),
);
