/** A ping on its way out, in line with the messages around it (RFC 6455, 5.5.2). */
export class Ping {
  readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    this.data = data;
  }
}
