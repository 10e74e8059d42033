// What a connection promises, in pictures.
import { describe, it } from '@jest/globals';
import { catchError, concatMap, map, merge, NEVER, of, switchMap, take, timer, toArray } from 'rxjs';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

describe('receiving', () => {
  it('loses nothing before the first subscription, however late', () => {
    runMarbles(({ connection, expectObservable }) => {
      const { messages } = connection('a-b-----c');
      expectObservable(timer(3).pipe(switchMap(() => messages))).toBe('---(ab)-c');
    });
  });

  it('loses nothing between two readers', () => {
    runMarbles(({ connection, expectObservable }) => {
      const { text } = connection('-ab--c|');
      const inTurn = text.pipe(
        take(1),
        concatMap((first) => timer(3).pipe(switchMap(() => text.pipe(map((next) => first + next))))),
      );
      expectObservable(inTurn).toBe('----xy|', { x: 'ab', y: 'ac' });
    });
  });

  it('gives each message once to all who read', () => {
    runMarbles(({ connection, expectObservable }) => {
      const { messages, text } = connection('  -a------|');
      expectObservable(messages).toBe('         -a------|');
      expectObservable(text).toBe('             -a------|');
      expectObservable(merge(messages.pipe(take(1)), text)).toBe('-(aa)---|');
    });
  });

  it('delivers nothing while anyone holds, in order when nobody does', () => {
    runMarbles(({ connection, expectObservable, expectReading }) => {
      const c = connection('   -a-b-c-d-');
      const holding = [c.hold(), c.hold()];
      timer(2).subscribe(() => holding[0]!.unsubscribe());
      timer(6).subscribe(() => holding[1]!.unsubscribe());
      expectObservable(c.text.pipe(map((word) => word)), '^------!').toBe('------(abc)');
      expectReading(c).toBe('   f-----t');
    });
  });

  it('lets what is held outlive the socket: closed, then the messages, then the end', () => {
    runMarbles(({ connection, expectObservable, expectClosed }) => {
      const c = connection('-a-b|');
      const hold = c.hold();
      timer(10).subscribe(() => hold.unsubscribe());
      expectClosed(c).toBe('          ----x', { code: 1000, by: 'peer' });
      expectObservable(c.text).toBe('   ----------(ab|)');
    });
  });

  it('closes when nobody reads for too long, and not while somebody holds', () => {
    runMarbles(({ connection, expectClosed, expectReading }) => {
      const unread = connection('-a', {}, { unreadTimeoutMs: 50 });
      void unread.messages;
      expectClosed(unread).toBe('51ms x', { code: 1008, reason: 'messages are not read', by: 'local' });
      const held = connection('-a', {}, { unreadTimeoutMs: 50 });
      held.hold();
      expectClosed(held).toBe('');
      expectReading(held).toBe('f');
    });
  });
});

describe('sending', () => {
  it('keeps the order, of bursts and over a peer that stops', () => {
    runMarbles(({ connection, expectSent }) => {
      const c = connection('', {}, { writable: 't-----f---t' });
      const { send } = c;
      const at = (frame: number, ...words: string[]): unknown =>
        timer(frame).subscribe(() => words.forEach((word) => send(word)));
      at(1, 'a', 'b');
      at(7, 'c');
      at(8, 'd', 'e');
      expectSent(c).toBe('-(ab)-----(cde)');
    });
  });

  it('says when there is room', () => {
    runMarbles(({ connection, expectObservable, expectSent }) => {
      const c = connection('', {}, { writable: 't-f--t' });
      timer(3).subscribe(() => c.send('a'));
      expectObservable(c.writable).toBe('t--f-t', { t: true, f: false });
      expectSent(c).toBe('               -----a');
    });
  });

  it.each([
    ['dropOldest', '-----(bc)', '---d'],
    ['dropNewest', '-----(ab)', '---d'],
    ['latest', '     -----c--', '--dd'],
  ] as const)('%s', (overflow, sent, dropped) => {
    runMarbles(({ connection, expectSent, expectDropped }) => {
      const c = connection('', {}, { writable: 'f----t', overflow, maxQueuedMessages: 2 });
      timer(1, 1)
        .pipe(
          take(3),
          map((index) => 'abc'[index]!),
        )
        .subscribe(c.send);
      expectSent(c).toBe(sent.trim());
      expectDropped(c).toBe(dropped, { d: { count: 1, bytes: 1 } });
    });
  });

  it('keeps the newest of each key', () => {
    runMarbles(({ connection, expectSent, expectDropped }) => {
      const c = connection(
        '',
        {},
        { writable: 'f----t', overflow: { conflateBy: (word: string) => word[0] } },
      );
      ['a1', 'b1', 'a2'].forEach((word) => c.send(word));
      timer(2).subscribe(() => c.send('b2'));
      expectSent(c).toBe('-----(ab)', { a: 'a2', b: 'b2' });
      expectDropped(c).toBe('x-x', { x: { count: 1, bytes: 2 } });
    });
  });

  it('closes with 1013 past the bound, and drops what waits', () => {
    runMarbles(({ connection, expectSent, expectClosed, expectDropped }) => {
      const c = connection('', {}, { writable: 'f', maxQueuedMessages: 1 });
      timer(1, 1)
        .pipe(take(2))
        .subscribe(() => c.send('aa'));
      expectSent(c).toBe('');
      expectDropped(c).toBe('--x', { x: { count: 2, bytes: 4 } });
      expectClosed(c).toBe(' -- 1s x', { code: 1013, by: 'local', wasClean: false });
    });
  });

  it('closes with 1013 where the peer reads nothing for too long', () => {
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('', {}, { writable: 'f', stalledTimeoutMs: 50 });
      c.send('a');
      expectClosed(c).toBe('50ms 1s x', { code: 1013, by: 'local', wasClean: false });
    });
  });

  it('measures the way to the peer and back', () => {
    runMarbles(({ connection, expectObservable, expectPinged }) => {
      const c = connection('', {}, { pongMs: 4 });
      expectObservable(c.ping(), '--^').toBe('------(x|)', { x: 4 });
      expectPinged(c).toBe('               --p');
    });
  });
});

describe('ending', () => {
  it('flushes before it closes', () => {
    runMarbles(({ connection, expectSent, expectClosed }) => {
      const c = connection('', {}, { writable: 't-f--t', closeMs: 2 });
      const { send, close } = c;
      timer(3).subscribe(() => {
        send('a');
        close(4000, 'bye');
        send('b');
      });
      expectSent(c).toBe('  -----a');
      expectClosed(c).toBe('-------x', { code: 4000, reason: 'bye', by: 'local', wasClean: true });
    });
  });

  it('cuts a peer that does not answer the close', () => {
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('', {}, { closeMs: Infinity });
      c.close();
      expectClosed(c).toBe('10s x', { code: 1000, by: 'local', wasClean: false });
    });
  });

  it('tells how it ended, once, also to who comes late', () => {
    runMarbles(({ connection, expectObservable }) => {
      const { closed, messages } = connection('--#');
      messages.subscribe();
      const codes = closed.pipe(map(({ code, wasClean }) => `${code} ${wasClean}`));
      expectObservable(codes).toBe('         --(x|)', { x: '1006 false' });
      expectObservable(codes, '-----^').toBe('-----(x|)', { x: '1006 false' });
    });
  });

  it('takes no half for a whole: when lost, handle unsubscribes before messages completes', () => {
    runMarbles(({ connection, expectObservable, expectSent }) => {
      const [lost, whole] = [connection('ab#'), connection('ab|')];
      const joined = handle(({ messages }: typeof lost) => messages.pipe(toArray<string>()));
      expectObservable(
        of(lost, whole).pipe(
          joined,
          map(({ finished }) => finished),
        ),
      ).toBe('--(fw|)', {
        f: false,
        w: true,
      });
      expectSent(lost).toBe('');
    });
  });

  it('and connect errors before messages completes', () => {
    runMarbles(({ attempts, connection, expectObservable }) => {
      const whole = attempts([connection('ab#')]).pipe(
        switchMap(({ messages }) => messages.pipe(toArray<string>())),
        catchError(() => of('lost')),
      );
      expectObservable(whole).toBe('--(x|)', { x: 'lost' });
    });
  });

  it('sends what handle is given, closes when that is done, and tells', () => {
    runMarbles(({ connection, cold, expectObservable, expectSent, expectClosed }) => {
      const done = connection('');
      const output = cold('--x-y|');
      const ended = of(done).pipe(
        handle(() => output),
        map(({ close, finished }) => `${close.code} ${finished}`),
      );
      expectObservable(ended).toBe('-----(e|)', { e: '1000 true' });
      expectSent(done).toBe('      --x-y');
      expectClosed(done).toBe('    -----x', { code: 1000, by: 'local' });
    });
  });

  it('closes with 1011 what fails, and nothing else', () => {
    runMarbles(({ connection, cold, expectSent, expectClosed }) => {
      const [failing, other] = [connection(''), connection('')];
      const outputs = [cold('-x#'), cold('-x--y')];
      of(failing, other)
        .pipe(handle(() => outputs.shift()!))
        .subscribe();
      expectClosed(failing).toBe('--x', { code: 1011, reason: '', by: 'local' });
      expectSent(other).toBe('    -x--y');
      expectClosed(other).toBe('');
    });
  });

  it('gives the output a second after a clean close', () => {
    runMarbles(({ connection, expectObservable }) => {
      const c = connection('--|');
      const ended = of(c).pipe(
        handle(() => NEVER),
        map(({ close, finished }) => `${close.code} ${finished}`),
      );
      expectObservable(ended).toBe('-- 1s (e|)', { e: '1000 false' });
    });
  });

  it('leaves with 1001 what was accepted, with 1000 what was dialled', () => {
    runMarbles(({ connection, expectClosed }) => {
      const accepted = connection('');
      const dialled = connection('', {}, { side: 'client' });
      const handled = of(accepted, dialled)
        .pipe(handle(() => NEVER))
        .subscribe();
      timer(2).subscribe(() => handled.unsubscribe());
      expectClosed(accepted).toBe('--x', { code: 1001, by: 'local' });
      expectClosed(dialled).toBe(' --x', { code: 1000, by: 'local' });
    });
  });

  it('holds the reading while its answers are not read', () => {
    runMarbles(({ connection, expectSent, expectReading }) => {
      const c = connection('a--b--c', {}, { writable: 't-f-----t' });
      of(c)
        .pipe(handle(({ text }) => text))
        .subscribe();
      expectReading(c).toBe('t--f----t');
      expectSent(c).toBe('   a-------(bc)');
    });
  });
});
