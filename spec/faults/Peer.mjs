// The other end as bytes: it says what a line wants it to say, and remembers all that it hears.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { turn, until } from './until.mjs';
import { CLOSE, close, FrameReader, TEXT } from './wire.mjs';

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** An opening handshake; `fields` are put over its own, undefined takes one away, a list sends one many times. */
export function request(fields = {}, { target = '/', method = 'GET', version = '1.1' } = {}) {
  const all = {
    Host: '127.0.0.1',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': KEY,
    'Sec-WebSocket-Version': '13',
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return [`${method} ${target} HTTP/${version}`, ...lines, '', ''].join('\r\n');
}

/** The answer that opens a connection; `lines` stand behind it. */
export function switching(head, { accept = acceptOf(head), lines = [], upgrade = 'websocket' } = {}) {
  return [
    'HTTP/1.1 101 Switching Protocols',
    ...(upgrade === undefined ? [] : [`Upgrade: ${upgrade}`]),
    'Connection: Upgrade',
    ...(accept === null ? [] : [`Sec-WebSocket-Accept: ${accept}`]),
    ...lines,
    '',
    '',
  ].join('\r\n');
}

function acceptOf(head) {
  const [, key = ''] = /^sec-websocket-key: (.*)\r$/im.exec(head) ?? [];
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** One socket, of either end. */
export class Peer {
  /** What came before the first frame: a request, or an answer. */
  head = '';
  frames = [];
  /** Bytes that came behind the head. */
  bytes = 0;
  /** The other end sends no more. */
  ended = false;
  closed = false;
  /** How it ended, where that was an error. */
  error;
  #reader = new FrameReader();
  #isOpen = false;
  #answersClose = false;

  constructor(socket) {
    this.socket = socket;
    socket.setNoDelay?.(true);
    socket.on('error', (error) => (this.error = error));
    socket.on('data', (piece) => this.#take(piece));
    socket.on('end', () => (this.ended = true));
    socket.on('close', () => (this.closed = true));
  }

  /** Connects to `port`, and sends `bytes` at once. */
  static to(port, bytes = '') {
    const peer = new Peer(connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
    if (bytes.length > 0) peer.write(bytes);
    return peer;
  }

  /** The same, and waits for the whole answer. */
  static async opened(port, bytes = request(), options) {
    const peer = Peer.to(port, bytes);
    await peer.answered(options);
    return peer;
  }

  async answered({ withinMs } = {}) {
    await until(() => this.hasHead || this.closed || this.ended, 'an answer', withinMs);
    return this.status;
  }

  get hasHead() {
    return this.#isOpen;
  }

  /** Of the answer; undefined where none came. */
  get status() {
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(this.head) ?? [];
    return status === undefined ? undefined : Number(status);
  }

  get texts() {
    return this.frames.filter(({ opcode }) => opcode === TEXT).map(({ payload }) => payload.toString());
  }

  /** The code of the close frame that came: 1005 where it had none, undefined where there was no frame. */
  get closeCode() {
    const found = this.frames.find(({ opcode }) => opcode === CLOSE);
    if (found === undefined) return undefined;
    return found.payload.length < 2 ? 1005 : found.payload.readUInt16BE(0);
  }

  /** Answers a close frame from now on, and the end of the other end's half, as a peer should. */
  answersClose({ masked = false } = {}) {
    this.#answersClose = true;
    const answer = () => {
      if (this.socket.writable)
        this.socket.end(close(this.closeCode === 1005 ? 1000 : this.closeCode, '', { masked }));
    };
    this.#onClose = answer;
    if (this.closeCode !== undefined) answer();
    this.socket.on('end', () => this.socket.end());
    return this;
  }

  #onClose = () => {};

  write(bytes) {
    return this.socket.write(bytes);
  }

  /**
   * Writes `block` again and again, in all `total` bytes, as fast as it is taken; fewer where nothing is taken for
   * `patienceMs`, or `isOver`. Resolves with how many bytes were written.
   */
  async pour(block, total, { patienceMs = Infinity, isOver = () => false } = {}) {
    const { socket } = this;
    let sent = 0;
    for (let since = performance.now(); sent < total && !this.closed && !isOver();) {
      if (!socket.writableNeedDrain) {
        sent += block.length;
        this.write(block);
        since = performance.now();
      } else if (performance.now() - since > patienceMs) return sent;
      await turn();
    }
    return sent;
  }

  /** Sends RST. */
  reset() {
    this.socket.resetAndDestroy();
  }

  /** Sends FIN. */
  end() {
    this.socket.end();
  }

  destroy() {
    this.socket.destroy();
  }

  #take(piece) {
    let rest = piece;
    if (!this.#isOpen) {
      this.head += piece.toString('latin1');
      const end = this.head.indexOf('\r\n\r\n');
      if (end < 0) return;
      rest = Buffer.from(this.head.slice(end + 4), 'latin1');
      this.head = this.head.slice(0, end + 4);
      this.#isOpen = true;
    }
    this.bytes += rest.length;
    const had = this.closeCode !== undefined;
    const isRefusal = this.status !== undefined && this.status !== 101;
    if (!isRefusal) this.frames.push(...this.#reader.push(rest));
    if (this.#answersClose && !had && this.closeCode !== undefined) this.#onClose();
  }
}

/** A server of bytes on a free port; `onPeer` gets each peer when it has connected. */
export async function rawServer(onPeer = () => {}) {
  const peers = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const peer = new Peer(socket);
    peers.push(peer);
    onPeer(peer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    port,
    url: `ws://127.0.0.1:${port}/`,
    peers,
    stop: async () => {
      for (const peer of peers) peer.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server of bytes that answers each request with 101 and `behind` in one packet; `onOpen` gets the peer then. */
export const openingServer = (onOpen = () => {}, behind = '', answer = {}) =>
  rawServer(async (peer) => {
    await until(() => peer.hasHead || peer.closed, 'a request').catch(() => {});
    if (!peer.hasHead || peer.closed) return;
    peer.write(Buffer.concat([Buffer.from(switching(peer.head, answer)), Buffer.from(behind)]));
    onOpen(peer);
  });
