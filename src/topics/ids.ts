/** Two numbers, as Redis has them, or one; each exact in a double. */
const ID = /^\d{1,15}(-\d{1,15})?$/;

/** Before every message. */
export const BEGINNING = '0';

/** Whether it can be the id of a message: what a client says is anything. */
export function isId(id: unknown): id is string {
  return typeof id === 'string' && ID.test(id);
}

/** Whether the message `a` came after `b`. */
export function isAfter(a: string, b: string): boolean {
  const [a1 = 0, a2 = 0] = a.split('-').map(Number);
  const [b1 = 0, b2 = 0] = b.split('-').map(Number);
  return a1 === b1 ? a2 > b2 : a1 > b1;
}
