import type { Data } from './Data.ts';

/** One part of a message that is sent in parts (RFC 6455, 5.4). */
export class Fragment {
  readonly data: Data;
  readonly first: boolean;
  readonly last: boolean;

  constructor(data: Data, first: boolean, last: boolean) {
    this.data = data;
    this.first = first;
    this.last = last;
  }
}
