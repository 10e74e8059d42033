import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { Fifo } from '../../../src/core/Fifo.ts';
import type { Outbound } from '../../../src/core/Outbound.ts';
import type { TransportEnd, TransportEvents } from '../../../src/core/Transport.ts';
import { type AcceptWs, acceptWs, type WsServerConfig } from '../../../src/transports/ws/acceptWs.ts';
import type { WsTransport } from '../../../src/transports/ws/WsTransport.ts';
import { requestOf } from '../../server/requestOf.ts';
import { clientFrame, parseFrames, show } from './wire.ts';

const TEXT = 1;

const serving = (config: Partial<WsServerConfig> = {}): AcceptWs =>
  acceptWs({ maxMessageBytes: 1_000, perMessageDeflate: false, ...config });

interface Asking {
  fields?: Parameters<typeof requestOf>[0];
  method?: string;
  head?: Buffer;
  protocol?: string;
  lines?: readonly string[];
}

/** Lets `accept` answer a request; `client` is the other end of its socket. */
function ask(
  accept: AcceptWs,
  { fields = {}, method = 'GET', head = Buffer.alloc(0), protocol = '', lines = [] }: Asking = {},
): { transport: WsTransport | undefined; socket: Duplex; client: Duplex } {
  const [socket, client] = duplexPair();
  const transport = accept({ request: requestOf(fields, { method }), socket, head, protocol, lines });
  return { transport, socket, client };
}

/** The lines of the 101, which leaves in one piece. */
async function answered(client: Duplex): Promise<string[]> {
  const [bytes] = (await once(client, 'data')) as [Buffer];
  const whole = bytes.toString('latin1');
  expect(whole).toMatch(/\r\n\r\n$/);
  return whole.slice(0, -4).split('\r\n');
}

const HANDSHAKE = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  // The example of RFC 6455, 1.3.
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
];

/** Opens a transport, and tells what it tells. */
function opened(transport: WsTransport): { seen: string[]; end: Promise<TransportEnd> } {
  const seen: string[] = [];
  const end = new Promise<TransportEnd>((ended) => {
    const events: TransportEvents = {
      message: (data) => seen.push(String(data)),
      ping: () => {},
      pong: () => {},
      drained: () => {},
      answering: () => {},
      closing: () => {},
      ended,
    };
    transport.open(events);
  });
  return { seen, end };
}

describe('acceptWs', () => {
  it('answers with the handshake, and gives the server end', async () => {
    const { transport, client } = ask(serving());
    expect(transport).toMatchObject({ side: 'server', protocol: '' });
    expect(await answered(client)).toEqual(HANDSHAKE);
  });

  it.each([
    ['the last that was offered', 'b', 'a, b', 'b'],
    ['one in upper case', 'B', 'b, B', 'B'],
    ['none, though some were offered', '', 'a, b', undefined],
  ])('chooses %s', async (_, protocol, offered, chosen) => {
    const { transport, client } = ask(serving(), { protocol, fields: { 'sec-websocket-protocol': offered } });
    expect(transport?.protocol).toBe(protocol);
    expect(await answered(client)).toEqual([
      ...HANDSHAKE,
      ...(chosen === undefined ? [] : [`Sec-WebSocket-Protocol: ${chosen}`]),
    ]);
  });

  it('adds its own lines to each answer, and none of another one', async () => {
    const accept = serving();
    const fields = { 'sec-websocket-protocol': 'a, b' };
    const [first, second, third] = [
      ask(accept, { fields, protocol: 'a', lines: ['Set-Cookie: a=1', 'Set-Cookie: b=2'] }),
      ask(accept, { fields, protocol: 'b', lines: ['X-Other: 1'] }),
      ask(accept, { fields }),
    ];
    expect(await answered(first.client)).toEqual([
      ...HANDSHAKE,
      'Sec-WebSocket-Protocol: a',
      'Set-Cookie: a=1',
      'Set-Cookie: b=2',
    ]);
    expect(await answered(second.client)).toEqual([...HANDSHAKE, 'Sec-WebSocket-Protocol: b', 'X-Other: 1']);
    expect(await answered(third.client)).toEqual(HANDSHAKE);
  });

  it('loses nothing that came in the packet of the request, or since', async () => {
    const { transport, client } = ask(serving(), { head: clientFrame(TEXT, 'first') });
    client.write(clientFrame(TEXT, 'second'));
    const { seen, end } = opened(transport!);
    client.resume().end(clientFrame(8, Buffer.from([0x03, 0xe8])));
    expect(await end).toMatchObject({ code: 1000, by: 'peer' });
    expect(seen).toEqual(['first', 'second']);
  });

  it('sends behind the answer', async () => {
    const { transport, client } = ask(serving());
    await answered(client);
    opened(transport!);
    const queue = new Fifo<Outbound>();
    queue.push('hello');
    transport!.write(queue, 1_000);
    const [bytes] = (await once(client, 'data')) as [Buffer];
    expect(parseFrames(bytes).map(show)).toEqual(['text:hello']);
  });

  it('takes no message past the limit', async () => {
    const { transport, client } = ask(serving({ maxMessageBytes: 5 }), { head: clientFrame(TEXT, '12345') });
    await answered(client);
    const { seen, end } = opened(transport!);
    client.write(clientFrame(TEXT, '123456'));
    // The close frame of the fault.
    await once(client, 'data');
    client.resume().end();
    expect(await end).toMatchObject({ code: 1009, by: 'local', wasClean: false });
    expect(seen).toEqual(['12345']);
  });

  it.each([
    ['off', false, []],
    ['on', true, ['Sec-WebSocket-Extensions: permessage-deflate']],
    [
      'set up',
      { serverNoContextTakeover: true },
      ['Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover'],
    ],
  ])('compresses where the client offers it and it is %s', async (_, perMessageDeflate, lines) => {
    const fields = { 'sec-websocket-extensions': 'permessage-deflate' };
    const { client } = ask(serving({ perMessageDeflate }), { fields });
    expect(await answered(client)).toEqual([...HANDSHAKE, ...lines]);
  });

  it.each<[string, Asking]>([
    ['another method', { method: 'POST' }],
    ['another Upgrade', { fields: { upgrade: 'h2c' } }],
    ['no key', { fields: { 'sec-websocket-key': undefined } }],
    ['a key that is too short', { fields: { 'sec-websocket-key': 'AAAA' } }],
    ['an unknown version', { fields: { 'sec-websocket-version': '12' } }],
    ['a malformed subprotocol', { fields: { 'sec-websocket-protocol': 'a,,b' } }],
    ['malformed extensions', { fields: { 'sec-websocket-extensions': 'permessage-deflate; =' } }],
    [
      'extensions with an invalid value',
      { fields: { 'sec-websocket-extensions': 'permessage-deflate; server_max_window_bits=99' } },
    ],
  ])('makes no transport of a request with %s, and ends the socket', async (_, asking) => {
    const accept = serving({ perMessageDeflate: true });
    const { transport, socket, client } = ask(accept, { ...asking, lines: ['X-Secret: 1'] });
    expect(transport).toBeUndefined();
    const said = await text(client);
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(said).not.toContain('X-Secret');
    expect(socket.destroyed).toBe(true);
    // The next one is served as if nothing had been.
    expect(await answered(ask(accept).client)).toEqual(HANDSHAKE);
  });

  it('makes no transport of a socket that has ended meanwhile', () => {
    const [socket] = duplexPair();
    socket.end();
    const transport = serving()({ request: requestOf(), socket, head: Buffer.alloc(0), protocol: '', lines: [] });
    expect(transport).toBeUndefined();
    expect(socket.destroyed).toBe(true);
  });
});
