// Connections whose messages come back: so many on their way at a time on each.
import { dialectOf } from './dialects.mjs';
import { open } from './open.mjs';
import { headerBytes, repeated, textFrame } from './frames.mjs';

export class Echo {
  #connections;
  #answerBytes;
  #batch;
  #frameBytes;
  #latencies;
  #stopping = false;
  #waiting = 0;
  #messages = 0;
  #done;

  static async open({ port, tls, connections, inFlight, bytes, dialect }) {
    const { path, greeting, message } = dialectOf(dialect);
    const text = 'x'.repeat(bytes);
    const echo = new Echo(message(greeting === undefined ? text : `"${text}"`), inFlight);
    for (let i = 0; i < connections; i++) {
      const connection = { socket: undefined, received: 0, sentAt: 0 };
      connection.socket = await open({ port, tls, path }, (length) => echo.#receive(connection, length));
      echo.#connections.push(connection);
    }
    if (greeting !== undefined) await echo.#greet(greeting);
    return echo;
  }

  constructor(text, inFlight) {
    this.#connections = [];
    const frame = textFrame(text);
    this.#frameBytes = frame.length;
    this.#answerBytes = headerBytes(text.length) + text.length;
    this.#batch = repeated(frame, inFlight);
    this.inFlight = inFlight;
  }

  /** Keeps all of `inFlight` under way for so long, then lets them come back. */
  slice(ms) {
    return new Promise((done) => {
      const startedAt = performance.now();
      this.#messages = 0;
      this.#latencies = this.inFlight === 1 ? [] : undefined;
      this.#stopping = false;
      this.#waiting = this.#connections.length * this.inFlight;
      this.#done = () => {
        const seconds = (performance.now() - startedAt) / 1_000;
        const latencies = this.#latencies?.sort((a, b) => a - b);
        done({ messages: this.#messages, seconds, medianMs: latencies?.[latencies.length >> 1] });
      };
      setTimeout(() => (this.#stopping = true), ms);
      for (const connection of this.#connections) this.#send(connection, this.inFlight);
    });
  }

  close() {
    for (const { socket } of this.#connections) socket.destroy();
  }

  #send(connection, count) {
    if (this.#latencies) connection.sentAt = performance.now();
    connection.socket.write(this.#batch.subarray(0, count * this.#frameBytes));
  }

  #receive(connection, length) {
    if (this.#done === undefined) return;
    connection.received += length;
    if (connection.received < this.#answerBytes) return;
    const count = Math.floor(connection.received / this.#answerBytes);
    connection.received -= count * this.#answerBytes;
    this.#messages += count;
    this.#latencies?.push(performance.now() - connection.sentAt);
    if (!this.#stopping) {
      this.#send(connection, count);
      return;
    }
    this.#waiting -= count;
    if (this.#waiting === 0) this.#done();
  }

  /** Socket.IO's own handshake, whose answers are no messages. */
  async #greet(greeting) {
    for (const { socket } of this.#connections) socket.write(textFrame(greeting));
    await new Promise((quiet) => setTimeout(quiet, 300));
  }
}
