import { describe, expect, it } from '@jest/globals';
import { isTemporary } from '../../src/client/isTemporary.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import { ConnectionClosedError } from '../../src/core/ConnectionClosedError.ts';
import { HandshakeError } from '../../src/core/HandshakeError.ts';
import { InvalidArgumentError } from '../../src/core/InvalidArgumentError.ts';
import { OverflowError } from '../../src/core/OverflowError.ts';

const closed = (by: CloseInfo['by'], code: number, wasClean = true): ConnectionClosedError =>
  new ConnectionClosedError({ code, reason: '', wasClean, by, openMs: 10 });
const refused = (status?: number): HandshakeError => new HandshakeError('', status ? { status } : {});

describe('isTemporary', () => {
  it.each([
    ['lost', closed('network', 1006, false), true],
    ['cut by terminate()', closed('local', 1006, false), true],
    ['a garbled frame', closed('local', 1002, false), true],
    ['going away', closed('peer', 1001), true],
    ['the server failed', closed('peer', 1011), true],
    ['the server restarts', closed('peer', 1012), true],
    ['the server is busy', closed('peer', 1013), true],
    ['bad gateway', closed('peer', 1014), true],
    ['the server does not read', closed('local', 1013, false), true],
    ['closed well', closed('peer', 1000), false],
    ['closed without a code', closed('peer', 1005), false],
    ['against the rules', closed('peer', 1008), false],
    ['what we sent was not understood', closed('peer', 1007), false],
    ['too large for the server', closed('peer', 1009), false],
    ['a code of a library', closed('peer', 3000), false],
    ['a code of the server’s own', closed('peer', 4401), false],
    ['the same, when the socket was cut behind it', closed('peer', 4401, false), false],
    ['a codec refused', closed('local', 1007), false],
    ['a codec refused, and the peer did not answer', closed('local', 1007, false), false],
    ['nobody reads', closed('local', 1008, false), false],
    ['a message too large for us', closed('local', 1009, false), false],
    ['a function of ours failed', closed('local', 1011), false],
    ['closed here, and the peer did not answer', closed('local', 1000, false), false],
    ['not reached', refused(), true],
    ['no answer in time, says a server', refused(408), true],
    ['asked too often', refused(429), true],
    ['server error', refused(500), true],
    ['gateway', refused(502), true],
    ['busy', refused(503), true],
    ['unauthorized', refused(401), false],
    ['not found', refused(404), false],
    ['moved', refused(301), false],
    ['no WebSocket there', refused(200), false],
    ['a wrong answer', refused(101), false],
  ])('%s', (_, error, expected) => {
    expect(isTemporary(error)).toBe(expected);
  });

  it.each([
    ['an argument', new InvalidArgumentError('')],
    ['an overflow', new OverflowError('')],
    ['a CloseError', new CloseError(1012)],
    ['any other error', new Error('mine')],
    ['an error of Node', Object.assign(new Error(''), { code: 'ECONNREFUSED' })],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'CONNECTION_CLOSED'],
    ['a pretender', { code: 'CONNECTION_CLOSED' }],
    [
      'what cannot be looked at',
      {
        get code() {
          throw new Error('hands off');
        },
      },
    ],
  ])('not %s', (_, error) => {
    expect(isTemporary(error)).toBe(false);
  });

  it('knows errors of another copy of this library by their code', () => {
    expect(isTemporary({ code: 'HANDSHAKE', status: 503, headers: {} })).toBe(true);
    expect(isTemporary({ code: 'CONNECTION_CLOSED', close: { code: 1012, by: 'peer' } })).toBe(true);
  });
});
