import { headerBytes, repeated, textFrame } from './frames.mjs';
import { open } from './open.mjs';

/** A peer that reads nothing, or sends without end. */
export class Stubborn {
  #socket;
  #sent = 0;
  #ended = false;
  #stopped = false;
  #received = [];
  #goOn;

  static async open({ port, path, reads }) {
    const peer = new Stubborn();
    peer.#socket = await open({ port, path }, (length, bytes) => peer.#receive(bytes.latin1Slice(0, length)));
    peer.#socket
      .on('error', () => undefined)
      .on('drain', () => peer.#goOn?.())
      .on('close', () => {
        peer.#ended = true;
        peer.#goOn?.();
      });
    if (!reads) peer.#socket.pause();
    return peer;
  }

  /** Sends up to `total` bytes of messages of `bytes` each, as fast as they are taken. */
  async send(total, bytes) {
    const frame = textFrame('x'.repeat(bytes));
    const block = repeated(frame, 64);
    while (this.#sent < total && !this.#ended) {
      this.#sent += 64 * bytes;
      if (!this.#socket.write(block)) await this.#room();
    }
  }

  /** Sends numbered messages of `bytes` each until `stop`. */
  async sendNumbered(bytes) {
    for (let number = 0; !this.#ended && !this.#stopped;) {
      const block = Array.from({ length: 64 }, () => textFrame(String(number++).padStart(bytes, '0')));
      this.#sent = number;
      if (!this.#socket.write(Buffer.concat(block))) await this.#room();
    }
  }

  stop() {
    this.#stopped = true;
  }

  /** What came back of the numbered messages: how many, and whether they are 0, 1, 2… */
  numbered(bytes) {
    const size = headerBytes(bytes) + bytes;
    const text = this.#received.join('');
    const count = Math.floor(text.length / size);
    let inOrder = true;
    for (let i = 0; i < count; i++) {
      if (Number(text.slice(i * size + headerBytes(bytes), (i + 1) * size)) !== i) inOrder = false;
    }
    return { count, inOrder };
  }

  get sent() {
    return { sent: this.#sent, ended: this.#ended };
  }

  close() {
    this.#ended = true;
    this.#socket.destroy();
  }

  #room() {
    return new Promise((goOn) => (this.#goOn = goOn));
  }

  #receive(text) {
    this.#received.push(text);
  }
}
