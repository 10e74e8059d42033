import { describe, expect, it } from '@jest/globals';
import { json } from '../../src/codecs/json.ts';
import { prepare } from '../../src/codecs/prepare.ts';
import { take, timer } from 'rxjs';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

const text = (...lines: string[]): string => lines.join('\n');

describe('expectSent', () => {
  it('shows messages of every kind, whole, and nothing else', () => {
    runMarbles(({ connection, expectSent }) => {
      const c = connection('', {}, { writable: 't-------f-t' });
      const at = (frame: number, act: () => void): unknown => timer(frame).subscribe(act);
      at(0, () => c.send('a'));
      at(1, () => c.send(Buffer.from('b')));
      at(1, () => c.send({ c: 1 }));
      at(5, () => c.sendFragments(['d', 'd']).subscribe());
      at(6, () => c.ping().subscribe());
      at(9, () => c.send('e'));
      at(11, () => c.send(prepare({ f: 1 }, json())));
      at(12, () => c.close());
      expectSent(c).toBe('a(bc)d----ef', { b: Buffer.from('b'), c: { c: 1 }, d: 'dd', f: { f: 1 } });
    });
  });

  it('fails with two diagrams', () => {
    const { message, stack } = failure(({ connection, expectSent }) => {
      const c = connection(' --a-b');
      c.text.subscribe((word) => c.send(word.toUpperCase()));
      expectSent(c).toBe('--x-y', { x: 'A', y: 'C' });
    });
    expect(message).toBe(
      text(
        'expectSent(connection("--a-b"))',
        '',
        '  expected  --x-y',
        '  actual    --x-B',
        '',
        "  x  'A'",
        "  y  'C'",
      ),
    );
    expect(stack).toMatch(/at .*connectionHelpers\.spec\.ts/);
  });
});

describe('expectClosed', () => {
  it('looks at the fields that are given, and that it is open', () => {
    runMarbles(({ connection, expectClosed }) => {
      const [closed, open] = [connection('-|'), connection('-a')];
      closed.messages.subscribe();
      open.messages.subscribe();
      expectClosed(closed).toBe('-z');
      expectClosed(open).toBe('');
    });
    const { message } = failure(({ connection, expectClosed }) => {
      const c = connection('-#');
      c.messages.subscribe();
      expectClosed(c).toBe('-x', { wasClean: true });
    });
    expect(message).toContain('x  { wasClean: true }');
    expect(message).toContain('A  { code: 1006');
  });
});

describe('expectReading', () => {
  it('shows holds that last, from the hand-over on', () => {
    runMarbles(({ connection, expectReading }) => {
      const c = connection('');
      timer(3).subscribe(() => c.hold().unsubscribe());
      timer(5).subscribe(() => {
        const hold = c.hold();
        timer(2).subscribe(() => hold.unsubscribe());
      });
      expectReading(c).toBe('---t-f-t');
    });
  });

  it('shows also what is held when the connection has ended', () => {
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const c = connection('         ab|');
      timer(1).subscribe(() => {
        const hold = c.hold();
        timer(4).subscribe(() => hold.unsubscribe());
      });
      expectObservable(c.text).toBe('a----(b|)');
      expectReading(c).toBe('        tf---t');
    });
  });
});

describe('expectDropped', () => {
  it('shows what was thrown away', () => {
    runMarbles(({ connection, expectDropped }) => {
      const c = connection(
        '',
        {},
        { writable: 'f', overflow: 'dropNewest', maxQueuedMessages: 1, stalledTimeoutMs: Infinity },
      );
      timer(1, 1)
        .pipe(take(3))
        .subscribe(() => c.send('aa'));
      expectDropped(c).toBe('--dd', { d: { count: 1, bytes: 2 } });
    });
  });
});

describe('expectPinged', () => {
  it('shows pings, and what they carry if that is asked', () => {
    runMarbles(({ connection, expectPinged }) => {
      const c = connection('');
      timer(1).subscribe(() => c.ping('one').subscribe());
      timer(3).subscribe(() => c.ping().subscribe());
      expectPinged(c).toBe('-p-p');
      expectPinged(c).toBe('-a-b', { a: 'one', b: 'ping 1' });
    });
  });
});

describe('every expectation', () => {
  it('says when its connection was handed over, if that is not at once', () => {
    const { message } = failure(({ connection, expectSent }) => {
      const [late, never] = [connection('-a'), connection('-b')];
      timer(30).subscribe(() => late.text.subscribe(late.send));
      expectSent(late).toBe(' -a');
      expectSent(never).toBe('-b');
    });
    expect(message).toMatch(/expectSent\(connection\("-a"\)\), handed over at 30ms at .*spec\.ts/);
    expect(message).toMatch(/expectSent\(connection\("-b"\)\), never handed over at .*spec\.ts/);
  });

  it('fails where nothing is expected', () => {
    const { message } = failure(({ connection, expectSent, expectObservable }) => {
      const c = connection('-|');
      expectSent(c);
      expectObservable(c.text);
    });
    expect(message).toBe(
      'expectObservable(…): nothing is expected; add .toBe(…)\n\n' +
        'expectSent(connection("-|")): nothing is expected; add .toBe(…)',
    );
  });

  it('says where its diagram is wrong', () => {
    expect(failure(({ connection, expectSent }) => expectSent(connection('')).toBe('-a|')).message).toContain(
      'expectSent(connection("")).toBe: column 3 ("|"): "|" has no meaning here',
    );
    expect(
      failure(({ connection, expectReading }) => expectReading(connection('')).toBe('a')).message,
    ).toContain('column 1 ("a"): a state is "t" or "f"');
  });

  it('takes what this kit made only', () => {
    expect(failure(({ expectSent }) => expectSent({} as never)).message).toBe(
      'this takes what connection(…) or upgrade(…) gave',
    );
    expect(failure(({ expectDialled }) => expectDialled(timer(1))).message).toBe(
      'expectDialled takes what attempts(…) gave',
    );
  });
});
