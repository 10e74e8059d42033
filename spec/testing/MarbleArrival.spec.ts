import type { IncomingMessage } from 'node:http';
import { describe, expect, it, jest } from '@jest/globals';
import type { Handshake } from '../../src/core/Handshake.ts';
import { MarbleArrival } from '../../src/testing/MarbleArrival.ts';
import { MarbleScheduler } from '../../src/testing/MarbleScheduler.ts';

const arrive = (): MarbleArrival =>
  new MarbleArrival(new MarbleScheduler(() => {}), {} as IncomingMessage, {} as Handshake);
const answers = ({ recording }: MarbleArrival): unknown => recording.answered.map(({ value }) => value);

describe('MarbleArrival', () => {
  it('leaves before the answer, and is closed after it', () => {
    const left = jest.fn();
    for (const leave of ['close', 'cut'] as const) {
      const arrival = arrive();
      arrival.whenLeft(left);
      arrival.peer[leave](1000);
    }
    expect(left).toHaveBeenCalledTimes(2);
    const stayed = arrive();
    stayed.whenLeft(left)();
    stayed.peer.cut();
    expect(left).toHaveBeenCalledTimes(2);
  });

  it('notes the answer', () => {
    const accepted = arrive();
    const transport = accepted.accept(() => undefined, { protocol: 'p', lines: ['X-A: b: c'] });
    expect(transport.protocol).toBe('p');
    expect(answers(accepted)).toEqual([{ status: 101, protocol: 'p', headers: { 'x-a': 'b: c' } }]);
    const refused = arrive();
    refused.refuse({ status: 401, body: 'who?' });
    refused.drop();
    expect(answers(refused)).toEqual([{ status: 401, headers: {}, body: 'who?' }]);
  });
});
