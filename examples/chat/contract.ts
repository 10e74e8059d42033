// What page and server say to each other. Both import it: what arrives is looked at, and each has the types of its side.
import { json } from 'rxjs-ws';
import { z } from 'zod';

const name = z.string().trim().min(1).max(40);

/** The first message. `since` is the id of the last line that the page has; '0': all that is kept. */
const join = z.object({ type: z.literal('join'), room: name, name, since: z.string().max(40) });
/** `key` is the page's choice: a line that is said again, since nobody knows whether it arrived, has the same. */
const say = z.object({ type: z.literal('say'), key: z.string().max(50), text: z.string().min(1).max(500) });
const ping = z.object({ type: z.literal('ping') });

/** The same key twice is the same line. `at` is a time in milliseconds since 1970. */
const line = say.extend({ type: z.literal('line'), id: z.string(), from: z.string(), at: z.number() });
const gap = z.object({ type: z.literal('gap') });
const members = z.object({ type: z.literal('members'), names: z.array(z.string()) });
const pong = z.object({ type: z.literal('pong') });

const toServer = z.discriminatedUnion('type', [join, say, ping]);
const toClient = z.discriminatedUnion('type', [line, gap, members, pong]);

export type Line = z.infer<typeof line>;
export type Say = z.infer<typeof say>;
export type ToServer = z.infer<typeof toServer>;
export type ToClient = z.infer<typeof toClient>;

export const server = json({ in: toServer, out: toClient });
export const client = json({ in: toClient, out: toServer });
