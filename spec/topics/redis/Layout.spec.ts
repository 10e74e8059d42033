import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { Layout, placeOf } from '../../../src/topics/redis/Layout.ts';

it('is who has which slot; who does not say its host is found where it was asked', () => {
  const reply = [
    [0, 9, [Buffer.from('10.0.0.1'), 1, Buffer.from('id')], [Buffer.from('replica'), 2]],
    [10, 16_382, [Buffer.from(''), 3, Buffer.from('id')]],
  ];
  const layout = Layout.parse(reply, '::1');
  expect(layout.masters).toEqual(['10.0.0.1:1', '::1:3']);
  expect([9, 10, 16_383].map((slot) => layout.ownerOf(slot))).toEqual(['10.0.0.1:1', '::1:3', undefined]);
  layout.move(9, '::1:3');
  expect(layout.ownerOf(9)).toBe('::1:3');
  expect(placeOf('::1:3')).toEqual({ host: '::1', port: 3 });
  expect(Layout.of('a:1').masters).toEqual(['a:1']);
});
