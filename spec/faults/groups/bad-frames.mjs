// Frames that RFC 6455 forbids, from either end: what was sent before them is delivered, the right code is on the wire,
// and nothing that stands behind them is delivered.
import { deflateRawSync } from 'node:zlib';
import * as ours from 'rxjs-ws';
import { NEVER } from 'rxjs';
import { deaf } from '../deaf.mjs';
import { openingServer, Peer, request } from '../Peer.mjs';
import { serve, watched } from '../serve.mjs';
import { BINARY, CLOSE, close, CONTINUATION, frame, PING, text } from '../wire.mjs';

const MAX = 1_000;
const compressed = (bytes) => deflateRawSync(bytes, { finishFlush: 2 }).subarray(0, -4);
const DEFLATE = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };

/** The bytes; `masked` as the role of the sender asks for. */
const kinds = [
  ['RSV1 without an extension', 1002, (masked) => frame(1, 'x', { rsv: 4, masked })],
  ['RSV2', 1002, (masked) => frame(1, 'x', { rsv: 2, masked })],
  ['RSV3', 1002, (masked) => frame(1, 'x', { rsv: 1, masked })],
  ['an unknown opcode, 3', 1002, (masked) => frame(3, 'x', { masked })],
  ['an unknown control opcode, 11', 1002, (masked) => frame(11, 'x', { masked })],
  ['the wrong masking for its role', 1002, (masked) => text('x', { masked: !masked })],
  ['a continuation of nothing', 1002, (masked) => frame(CONTINUATION, 'x', { masked })],
  [
    'a new message within a fragmented one',
    1002,
    (masked) => Buffer.concat([text('x', { fin: false, masked }), text('y', { masked })]),
  ],
  ['a fragmented ping', 1002, (masked) => frame(PING, 'x', { fin: false, masked })],
  ['a ping of 126 bytes', 1002, (masked) => frame(PING, 'x'.repeat(126), { masked })],
  ['a close frame of one byte', 1002, (masked) => frame(CLOSE, 'x', { masked })],
  ['a close code that may not be sent, 1006', 1002, (masked) => close(1006, '', { masked })],
  ['a close code of nobody, 999', 1002, (masked) => close(999, '', { masked })],
  ['a close code of nobody, 5000', 1002, (masked) => close(5000, '', { masked })],
  ['a text that is not UTF-8', 1007, (masked) => text(Buffer.from([0xc3, 0x28]), { masked })],
  ['a text cut within a character', 1007, (masked) => text(Buffer.from('é').subarray(0, 1), { masked })],
  [
    'a close reason that is not UTF-8',
    1007,
    (masked) => frame(CLOSE, Buffer.from([0x03, 0xe8, 0xff, 0xff]), { masked }),
  ],
  ['a message over `maxMessageBytes`', 1009, (masked) => text('x'.repeat(MAX + 1), { masked })],
  [
    'fragments over `maxMessageBytes` in all',
    1009,
    (masked) =>
      Buffer.concat([
        frame(BINARY, Buffer.alloc(MAX), { fin: false, masked }),
        frame(CONTINUATION, 'x', { masked }),
      ]),
  ],
  ['a length of 2^63 − 1', 1009, (masked) => text('', { length: 2n ** 63n - 1n, size: 64, masked })],
  ['RSV1 on a ping, with compression', 1002, (masked) => frame(PING, 'x', { rsv: 4, masked }), DEFLATE],
  [
    'RSV1 on a continuation, with compression',
    1002,
    (masked) =>
      Buffer.concat([frame(1, 'x', { fin: false, masked }), frame(CONTINUATION, 'x', { rsv: 4, masked })]),
    DEFLATE,
  ],
  [
    'compressed bytes that are none',
    1007,
    (masked) => frame(1, Buffer.from([0xff, 0xff, 0xff, 0xff]), { rsv: 4, masked }),
    DEFLATE,
  ],
  [
    'a compressed message over `maxMessageBytes`',
    1009,
    (masked) => frame(BINARY, compressed(Buffer.alloc(MAX + 1)), { rsv: 4, masked }),
    DEFLATE,
  ],
  [
    'more than 16,384 fragments',
    1008,
    (masked) =>
      Buffer.concat([
        frame(BINARY, '', { fin: false, masked }),
        ...Array.from({ length: 16_384 }, () => frame(CONTINUATION, '', { fin: false, masked })),
      ]),
  ],
];

async function atServer(subject, attempt, [, , bytes, extensions]) {
  const { port, seen } = await serve(
    subject,
    attempt,
    (connection) => {
      connection.seen = watched(connection);
      return NEVER;
    },
    { maxMessageBytes: MAX, perMessageDeflate: true, closeTimeoutMs: 2_000 },
  );
  const peer = await Peer.opened(port, request(extensions));
  attempt.after(() => peer.destroy());
  await attempt.sees(() => seen.connections.length > 0, 'the connection');
  return { peer, seen: () => seen.connections[0].seen, bytes: bytes(true) };
}

async function atClient(subject, attempt, [, , bytes, extensions]) {
  let peer;
  const lines = extensions ? Object.entries(extensions).map((pair) => pair.join(': ')) : [];
  const server = await openingServer((opened) => (peer = opened), '', { lines });
  attempt.after(() => server.stop());
  const connection = await subject.dial({ url: server.url, maxMessageBytes: MAX, closeTimeoutMs: 2_000 });
  attempt.after(() => connection.terminate());
  const seen = watched(connection);
  return { peer, seen: () => seen, bytes: bytes(false) };
}

const judged = (open, kind, role) => async (subject, attempt) => {
  const [, code] = kind;
  const masked = role === 'server';
  const { peer, seen, bytes } = await open(subject, attempt, kind);
  peer.write(Buffer.concat([text('before', { masked }), bytes, text('behind', { masked })]));
  await attempt.sees(() => peer.closeCode !== undefined || peer.closed, 'a close frame', 3_000);
  attempt.same(peer.closeCode, code, `${role}, code on the wire`);
  // A peer that made a mistake closes its end all the same.
  peer.answersClose({ masked });
  await attempt.sees(() => peer.closed && seen().closes.length > 0, 'the end', 3_000);
  const { messages, closes, completes } = seen();
  attempt.same(messages, ['before'], `${role}, delivered`);
  attempt.same(completes, 1, `${role}, completions of messages`);
  const [close = {}] = closes;
  const told = { code: close.code, by: close.by, wasClean: close.wasClean };
  attempt.same([told], [{ code, by: 'local', wasClean: false }], `${role}, closed`);
  attempt.same(closes.length, 1, `${role}, ends`);
};

export const lines = kinds.map((kind) => {
  const [fault, code] = kind;
  const both = (subject) => async (attempt) => {
    await judged(atServer, kind, 'server')(subject, attempt);
    await judged(atClient, kind, 'client')(subject, attempt);
    attempt.note = 'on a server and on a client';
  };
  return {
    fault,
    expected: `${code} on the wire; what was sent before is delivered, nothing after`,
    run: both(ours),
    control: { what: 'an end that finds fault with nothing', run: both(deaf) },
  };
});
