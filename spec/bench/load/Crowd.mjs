import { open } from './open.mjs';

/** Many connections that only listen, and count what they hear. */
export class Crowd {
  #sockets = [];
  #received = 0;
  #waiting;

  static async open({ port, connections }) {
    const crowd = new Crowd();
    while (crowd.#sockets.length < connections) {
      const some = Array.from({ length: Math.min(50, connections - crowd.#sockets.length) }, () =>
        open({ port }, (length) => crowd.#receive(length)),
      );
      crowd.#sockets.push(...(await Promise.all(some)));
    }
    return crowd;
  }

  /** Settles when so many bytes more than at the last call have been heard by all together. */
  hear(bytes) {
    return new Promise((heard) => {
      this.#waiting = { bytes, heard };
      this.#receive(0);
    });
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
  }

  #receive(length) {
    this.#received += length;
    if (this.#waiting === undefined || this.#received < this.#waiting.bytes) return;
    const { bytes, heard } = this.#waiting;
    this.#received -= bytes;
    this.#waiting = undefined;
    heard();
  }
}
