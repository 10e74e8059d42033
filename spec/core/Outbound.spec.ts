import { expect, it } from '@jest/globals';
import { Fragment } from '../../src/core/Fragment.ts';
import { bytesOf, type Outbound, payloadOf } from '../../src/core/Outbound.ts';
import { Ping } from '../../src/core/Ping.ts';
import { Prepared } from '../../src/core/Prepared.ts';

const bytes = Uint8Array.of(1, 2, 3);

it.each<[string, Outbound, unknown, number]>([
  ['text', 'é', 'é', 2],
  ['empty text', '', '', 0],
  ['bytes', bytes, bytes, 3],
  ['a view', bytes.subarray(1), Uint8Array.of(2, 3), 2],
  ['a part of text', new Fragment('né', false, true), 'né', 3],
  ['prepared bytes', new Prepared('the value', bytes), bytes, 3],
  ['a ping', new Ping(bytes), bytes, 3],
])('the payload of %s, and its bytes', (_name, outbound, payload, count) => {
  expect(payloadOf(outbound)).toEqual(payload);
  expect(bytesOf(outbound)).toBe(count);
});
