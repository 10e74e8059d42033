import { afterEach } from '@jest/globals';

/** What a page has in `globalThis`, for the specs of one file: a platform that goes offline and comes back. */
export interface StagedPage {
  goOffline(): void;
  goOnline(): void;
  readonly listeners: number;
}

export function stagedPage(): StagedPage {
  const names = ['navigator', 'addEventListener', 'removeEventListener'] as const;
  const originals = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  const listeners = new Set<() => void>();
  let onLine = true;
  const put = (name: (typeof names)[number], value: unknown): void => {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  };
  const goOffline = (): void => {
    onLine = false;
    put('navigator', {
      get onLine() {
        return onLine;
      },
    });
    put(
      'addEventListener',
      (type: string, listener: () => void) => type === 'online' && listeners.add(listener),
    );
    put('removeEventListener', (_: string, listener: () => void) => listeners.delete(listener));
  };
  const goOnline = (): void => {
    onLine = true;
    for (const listener of listeners) listener();
  };
  afterEach(() => {
    listeners.clear();
    names.forEach((name, i) => {
      const original = originals[i];
      if (original) Object.defineProperty(globalThis, name, original);
      else delete (globalThis as Record<string, unknown>)[name];
    });
  });
  return {
    goOffline,
    goOnline,
    get listeners() {
      return listeners.size;
    },
  };
}
