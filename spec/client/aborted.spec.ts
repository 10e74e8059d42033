import { describe, expect, it } from '@jest/globals';
import { aborted } from '../../src/client/aborted.ts';

const seen = (signal: AbortSignal | undefined): { events: unknown[]; stop: () => void } => {
  const events: unknown[] = [];
  const subscription = aborted(signal).subscribe({
    next: (value) => events.push(value),
    complete: () => events.push('complete'),
  });
  return { events, stop: () => subscription.unsubscribe() };
};

describe('aborted', () => {
  it('emits at once where it was aborted before', () => {
    expect(seen(AbortSignal.abort()).events).toEqual([undefined, 'complete']);
  });

  it('emits when it is aborted, once', () => {
    const controller = new AbortController();
    const { events } = seen(controller.signal);
    expect(events).toEqual([]);
    controller.abort();
    controller.abort();
    expect(events).toEqual([undefined, 'complete']);
  });

  it('never emits without a signal', () => {
    expect(seen(undefined).events).toEqual([]);
  });

  it('does not listen any more after unsubscribe', () => {
    const controller = new AbortController();
    const { events, stop } = seen(controller.signal);
    stop();
    controller.abort();
    expect(events).toEqual([]);
  });
});
