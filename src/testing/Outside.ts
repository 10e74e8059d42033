import { type AsyncHook, createHook, executionAsyncId } from 'node:async_hooks';
import { here } from './originOf.ts';

/** What virtual time does not move, by the names that Node has for it. */
const REAL: Readonly<Record<string, string>> = {
  Timeout: 'a real timer was started (setTimeout or setInterval)',
  Immediate: 'a real timer was started (setImmediate)',
  Microtask: 'a microtask was queued (queueMicrotask)',
  PROMISE: 'a promise was waited for',
  TCPWRAP: 'a real socket was opened',
  TCPSERVERWRAP: 'a real server was opened',
  GETADDRINFOREQWRAP: 'a real address was looked up',
};
const ADVICE: Readonly<Record<string, string>> = {
  Timeout: 'use timer, interval, delay or timeout of RxJS, which are virtual here',
  Immediate: 'use asapScheduler or timer(0) of RxJS',
  Microtask: 'use asapScheduler of RxJS',
  PROMISE: 'let it return an Observable here: of(value), timer(5).pipe(map(…)), cold("--a|")',
  TCPWRAP: 'give it connection(…), attempts(…) or upgrade(…) instead, or test over loopback(…)',
};

interface Seen {
  readonly type: string;
  readonly resource: { readonly _destroyed?: boolean };
  readonly origin: string;
}

/** Watches for what is asynchronous in real time, while a marble test runs: it cannot happen before the test is over. */
export class Outside {
  private readonly seen: Seen[] = [];
  private readonly hook: AsyncHook = createHook({
    init: (_id, type, trigger, resource) => {
      if (!(type in REAL)) return;
      // A promise that nobody waits for changes nothing: one that is waited for has another behind it.
      if (type === 'PROMISE' && trigger === executionAsyncId()) return;
      this.seen.push({ type, resource, origin: here() });
    },
  });

  start(): void {
    this.hook.enable();
  }

  /** In words, one line for each place. */
  stop(): readonly string[] {
    this.hook.disable();
    // Who cleared a timer has done no harm.
    const left = this.seen.filter(({ resource }) => resource._destroyed !== true);
    return [...new Set(left.map(described))];
  }
}

function described({ type, origin }: Seen): string {
  const at = origin && ` at ${origin}`;
  return `${REAL[type]}${at}, and virtual time does not wait for it: ${ADVICE[type] ?? ADVICE['TCPWRAP']}`;
}
