import type { RefusalReason } from './Refused.ts';

/** How many sockets there are, in all and for each address. */
export class Occupancy {
  private readonly max: number;
  private readonly maxPerAddress: number;
  private count = 0;
  private readonly byAddress = new Map<string, number>();

  constructor(max: number = Infinity, maxPerAddress: number = Infinity) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /** Whether anything is limited. */
  get isLimited(): boolean {
    return this.max < Infinity || this.needsAddress;
  }

  /** Whether anybody has to say whose a socket is. */
  get needsAddress(): boolean {
    return this.maxPerAddress < Infinity;
  }

  /** Why there is no room for one more; undefined where there is. */
  refusal(address: string): Extract<RefusalReason, 'connections' | 'address'> | undefined {
    if (this.count >= this.max) return 'connections';
    return (this.byAddress.get(address) ?? 0) >= this.maxPerAddress ? 'address' : undefined;
  }

  enter(address: string): void {
    this.change(address, 1);
  }

  leave(address: string): void {
    this.change(address, -1);
  }

  private change(address: string, by: number): void {
    this.count += by;
    if (!this.needsAddress) return;
    const count = (this.byAddress.get(address) ?? 0) + by;
    if (count === 0) this.byAddress.delete(address);
    else this.byAddress.set(address, count);
  }
}
