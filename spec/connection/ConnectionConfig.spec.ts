import { describe, expect, it } from '@jest/globals';
import { connectionSettings } from '../../src/connection/ConnectionConfig.ts';
import { messagesOnly } from '../../src/connection/messagesOnly.ts';

describe('connectionSettings', () => {
  it('has the defaults that the documentation says', () => {
    expect(connectionSettings({})).toEqual({
      codec: undefined,
      undecodable: 'close',
      maxMessageBytes: 1_048_576,
      readAheadBytes: 65_536,
      unreadTimeoutMs: 30_000,
      maxQueuedBytes: 1_048_576,
      maxQueuedMessages: Infinity,
      overflow: 'close',
      stalledTimeoutMs: 30_000,
      highWaterBytes: 65_536,
      lowWaterBytes: 16_384,
      closeTimeoutMs: 10_000,
      finishTimeoutMs: 1_000,
      closeIsError: expect.any(Function),
      onError: undefined,
      framing: messagesOnly,
    });
  });

  it('takes what is given, 0 and Infinity too; the low mark follows the high one', () => {
    expect(
      connectionSettings({ unreadTimeoutMs: 0, maxQueuedBytes: Infinity, highWaterBytes: 1_000 }),
    ).toMatchObject({
      unreadTimeoutMs: 0,
      maxQueuedBytes: Infinity,
      highWaterBytes: 1_000,
      lowWaterBytes: 250,
    });
  });

  it('takes undefined for not given, and leaves other settings out', () => {
    const settings = connectionSettings({ readAheadBytes: undefined, port: 8080 } as object);
    expect(settings).toMatchObject({ readAheadBytes: 65_536 });
    expect(settings).not.toHaveProperty('port');
  });

  it('calls an end an error where the connection was lost', () => {
    const { closeIsError } = connectionSettings({});
    const close = { code: 4000, reason: '', by: 'peer', openMs: 1 } as const;
    expect([closeIsError({ ...close, wasClean: true }), closeIsError({ ...close, wasClean: false })]).toEqual(
      [false, true],
    );
  });
});
