import { describe, expect, it } from '@jest/globals';
import type { Accepted } from '../../src/server/Accepted.ts';
import { answerOf } from '../../src/server/answerOf.ts';
import type { PendingUpgrade } from '../../src/server/PendingUpgrade.ts';
import { requestOf } from './requestOf.ts';

const answer = (accepted: Accepted, offered?: string, protocols: readonly string[] = []): unknown =>
  answerOf(accepted, {
    arrival: { request: requestOf({ 'sec-websocket-protocol': offered }) },
    protocols,
  } as unknown as PendingUpgrade);

describe('answerOf', () => {
  it.each([
    ['none without an offer', {}, undefined, ['a'], ''],
    ['none without a list and without a decision', {}, 'a, b', [], ''],
    ['the client’s first that is in the list', {}, 'c, b, a', ['a', 'b'], 'b'],
    ['none where the list has none of them', {}, 'c', ['a', 'b'], ''],
    ['what was decided, in the list or not', { protocol: 'c' }, 'a, c', ['a'], 'c'],
  ])('chooses %s', (_, accepted, offered, protocols, protocol) => {
    expect(answer(accepted, offered, protocols)).toEqual({ protocol, lines: [] });
  });

  it.each([
    ['b', 'a'],
    ['a', undefined],
    ['a\r\nX-Evil: 1', 'a'],
    ['', 'a'],
  ])('throws for the protocol %j where %j is offered', (protocol, offered) => {
    expect(() => answer({ protocol }, offered)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('adds headers', () => {
    expect(answer({ headers: { 'Set-Cookie': 'a=b' } })).toEqual({
      protocol: '',
      lines: ['Set-Cookie: a=b'],
    });
  });

  it.each([
    'Connection',
    'upgrade',
    'Content-Length',
    'transfer-encoding',
    'Sec-WebSocket-Accept',
    'sec-websocket-extensions',
    'x-a\r\nx-b',
  ])('throws for the header %j', (name) => {
    expect(() => answer({ headers: { [name]: 'x' } })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
