// Connections that hear the same, and know when.
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { now } from '../now.mjs';
import { quantile } from '../statistics.mjs';
import { dialectOf } from './dialects.mjs';
import { headerBytes, textFrame } from './frames.mjs';
import { open } from './open.mjs';

export class Room {
  #sockets = [];
  #teller;
  #step;
  #frameBytes;
  /** Of each connection: bytes behind its last whole message, and how many of these there were. */
  #partial;
  #counts;
  /** Of all connections. */
  #heard = 0;
  #told = 0;
  /** Of each message of each connection, when it came; undefined where nobody asked. */
  #times;
  #waiting;

  static async open({ port, connections, dialect, text, credit, step }) {
    const { path, greeting, message } = dialectOf(dialect);
    const room = new Room();
    room.#partial = new Int32Array(connections);
    room.#counts = new Int32Array(connections);
    for (let i = 0; i < connections; i++)
      room.#sockets.push(await open({ port, path }, (length) => room.#receive(i, length)));
    if (greeting !== undefined) for (const socket of room.#sockets) socket.write(textFrame(greeting));
    room.#teller = connect(credit, '127.0.0.1').setNoDelay(true);
    await once(room.#teller, 'connect');
    await setTimeout(300);
    const { length } = message(text);
    room.#frameBytes = headerBytes(length) + length;
    room.#step = step;
    return room;
  }

  /** From now on, until so many messages were heard by all. */
  hear(count, { isTimed = false } = {}) {
    this.#partial.fill(0);
    this.#counts.fill(0);
    this.#heard = this.#told = 0;
    this.#times = isTimed ? this.#sockets.map(() => []) : undefined;
    return new Promise((heard) => (this.#waiting = { total: count * this.#sockets.length, heard }));
  }

  /** From when each message was published until each connection had it, in milliseconds. */
  latencies(published) {
    const all = this.#times.flatMap((times) => times.map((time, i) => time - published[i]));
    const sorted = Float64Array.from(all).sort();
    return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
  }

  close() {
    this.#teller.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #receive(i, length) {
    if (this.#waiting === undefined) return;
    const bytes = this.#partial[i] + length;
    const count = Math.floor(bytes / this.#frameBytes);
    this.#partial[i] = bytes - count * this.#frameBytes;
    if (count === 0) return;
    if (this.#times !== undefined) {
      const time = now();
      for (let k = 0; k < count; k++) this.#times[i].push(time);
    }
    this.#heard += count;
    this.#tell();
    if (this.#heard < this.#waiting.total) return;
    const { heard } = this.#waiting;
    this.#waiting = undefined;
    heard();
  }

  /** A byte for each step that all have heard, taken together. */
  #tell() {
    const steps = Math.floor(this.#heard / this.#sockets.length / this.#step);
    if (steps === this.#told) return;
    this.#teller.write('.'.repeat(steps - this.#told));
    this.#told = steps;
  }
}
