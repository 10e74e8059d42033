import { SLOTS } from './slotOf.ts';

/** A node, as the others know it: host, colon, port. */
export type Address = string;

/** Which node has which slot. */
export class Layout {
  private readonly owners: (Address | undefined)[];

  constructor(owners: readonly (Address | undefined)[]) {
    this.owners = [...owners];
  }

  /** One node has them all. */
  static of(address: Address): Layout {
    return new Layout(Array<Address>(SLOTS).fill(address));
  }

  /** Of a reply to `CLUSTER SLOTS`. Who does not say its host is found at the one that was asked. */
  static parse(reply: unknown, asked: string): Layout {
    const owners = Array<Address | undefined>(SLOTS).fill(undefined);
    for (const [first, last, [host, port]] of reply as [number, number, [Uint8Array | null, number]][])
      owners.fill(`${String(host ?? '') || asked}:${Number(port)}`, Number(first), Number(last) + 1);
    return new Layout(owners);
  }

  /** Those that have slots. */
  get masters(): readonly Address[] {
    const found = new Set(this.owners);
    found.delete(undefined);
    return [...found] as Address[];
  }

  ownerOf(slot: number): Address | undefined {
    return this.owners[slot];
  }

  move(slot: number, address: Address): void {
    this.owners[slot] = address;
  }
}

/** The host and port of an address. */
export function placeOf(address: Address): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
