// Answers to a client that are none, or odd ones (RFC 6455, 4.1): it errors, with what the server said, and lets go.
import * as ours from 'rxjs-ws';
import * as byHand from '../byHand.mjs';
import { rawServer, switching } from '../Peer.mjs';
import { until } from '../until.mjs';

const ok = (head, options) => switching(head, options);
const say = (status, ...lines) => [`HTTP/1.1 ${status}`, ...lines, '', ''].join('\r\n');

/** What is answered, and the status that the error tells; undefined: there was none to understand. */
const answers = [
  ['200 and no upgrade', 200, () => say('200 OK', 'Content-Length: 0')],
  ['401 with a body', 401, () => `${say('401 Unauthorized', 'Content-Length: 5')}hello`],
  ['302 to elsewhere', 302, () => say('302 Found', 'Location: http://127.0.0.1:1/', 'Content-Length: 0')],
  ['503 whose body breaks off', 503, () => `${say('503 Busy', 'Content-Length: 50')}half`, 'end'],
  ['101 without `Sec-WebSocket-Accept`', 101, (head) => ok(head, { accept: null })],
  ['101 with the accept of another key', 101, (head) => ok(head, { accept: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })],
  ['101 with `Upgrade: h2c`', 101, (head) => ok(head, { upgrade: 'h2c' })],
  [
    '101 with a subprotocol that was not offered',
    101,
    (head) => ok(head, { lines: ['Sec-WebSocket-Protocol: b'] }),
  ],
  [
    '101 with an extension that nobody knows',
    101,
    (head) => ok(head, { lines: ['Sec-WebSocket-Extensions: x-unknown'] }),
  ],
  [
    '101 with a malformed extension',
    101,
    (head) => ok(head, { lines: ['Sec-WebSocket-Extensions: permessage-deflate; =;'] }),
  ],
  ['what is no HTTP', undefined, () => 'hello, who is there?\r\n\r\n'],
  ['20 KiB of headers', undefined, () => say('101 Switching Protocols', `X-Long: ${'x'.repeat(20_480)}`)],
  ['nothing, and FIN', undefined, () => '', 'end'],
  ['half an answer, and FIN', undefined, () => 'HTTP/1.1 101 Swit', 'end'],
  ['nothing, and RST', undefined, () => '', 'reset'],
];

const answered =
  (lib, [, status, answer, then]) =>
  async (attempt) => {
    const { url, peers, stop } = await rawServer(async (peer) => {
      await until(() => peer.hasHead || peer.closed, 'a request');
      peer.write(answer(peer.head));
      if (then) setTimeout(() => peer[then](), 10);
    });
    attempt.after(stop);
    const seen = { connections: 0, over: undefined };
    const subscription = lib.connect({ url, handshakeTimeoutMs: 2_000 }).subscribe({
      next: () => seen.connections++,
      error: (error) => (seen.over = error),
      complete: () => (seen.over = 'complete'),
    });
    attempt.after(() => subscription.unsubscribe());
    await attempt.sees(() => seen.over !== undefined, 'the end');
    attempt.same(seen.over.code, 'HANDSHAKE', 'the code of the error');
    attempt.same(seen.over.status, status, 'the status of the error');
    attempt.same(seen.connections, 0, 'connections');
    await attempt.sees(() => peers.every(({ closed, ended }) => closed || ended), 'the end of the socket');
  };

export const lines = answers.map((answer) => ({
  fault: answer[0],
  expected: `errors with a HandshakeError${answer[1] ? `, status ${answer[1]}` : ''}; the socket is ended`,
  run: answered(ours, answer),
  control: { what: 'by hand on `ws`', run: answered(byHand, answer) },
}));
