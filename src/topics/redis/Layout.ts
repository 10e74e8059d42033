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

/** Where a node is reached. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Where nodes are reached that know each other by other addresses. */
export type PlaceMap =
  Readonly<Record<Address, Place>> | ((address: Address) => Place | null | undefined) | undefined;

/** The host and port of an address, or what the map has for it. */
export function placeOf(address: Address, map?: PlaceMap): Place {
  const mapped = typeof map === 'function' ? map(address) : map?.[address];
  if (mapped) return mapped;
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
