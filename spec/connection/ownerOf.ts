import type { Owner } from '../../src/connection/Owner.ts';

/** An owner that does nothing but what `does` says. */
export function ownerOf(does: Partial<Owner> = {}): Owner {
  return { balance: () => {}, closed: () => {}, allRead: () => {}, ...does };
}
