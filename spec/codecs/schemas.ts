// One contract in three libraries.
import { type } from 'arktype';
import * as v from 'valibot';
import { z } from 'zod';
import { json } from '../../src/codecs/json.ts';
import type { Codec } from '../../src/core/Codec.ts';

export type ToServer = { type: 'say'; text: string } | { type: 'at'; when: Date };
export type FromClient = { type: 'say'; text: string } | { type: 'at'; when: string };
export type ToClient = { type: 'said'; text: string } | { type: 'ok' };
export type ServerCodec = Codec<ToServer, ToClient>;
export type ClientCodec = Codec<ToClient, FromClient>;

const zod = {
  toServer: z.discriminatedUnion('type', [
    z.object({ type: z.literal('say'), text: z.string().max(20) }),
    z.object({ type: z.literal('at'), when: z.iso.datetime().transform((text) => new Date(text)) }),
  ]),
  toClient: z.discriminatedUnion('type', [
    z.object({ type: z.literal('said'), text: z.string() }),
    z.object({ type: z.literal('ok') }),
  ]),
};
const isoDate = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
);
const valibot = {
  toServer: v.variant('type', [
    v.object({ type: v.literal('say'), text: v.pipe(v.string(), v.maxLength(20)) }),
    v.object({ type: v.literal('at'), when: isoDate }),
  ]),
  toClient: v.variant('type', [
    v.object({ type: v.literal('said'), text: v.string() }),
    v.object({ type: v.literal('ok') }),
  ]),
};
const arktype = {
  toServer: type({ type: "'say'", text: 'string <= 20' }).or({ type: "'at'", when: 'string.date.iso.parse' }),
  toClient: type({ type: "'said'", text: 'string' }).or({ type: "'ok'" }),
};

/** By library, what the two ends have; with `validateOut`. */
export const contracts: readonly (readonly [string, ServerCodec, ClientCodec])[] = [
  [
    'zod',
    json({ in: zod.toServer, out: zod.toClient, validateOut: true }),
    json({ in: zod.toClient, out: zod.toServer, validateOut: true }),
  ],
  [
    'valibot',
    json({ in: valibot.toServer, out: valibot.toClient, validateOut: true }),
    json({ in: valibot.toClient, out: valibot.toServer, validateOut: true }),
  ],
  [
    'arktype',
    json({ in: arktype.toServer, out: arktype.toClient, validateOut: true }),
    json({ in: arktype.toClient, out: arktype.toServer, validateOut: true }),
  ],
];
