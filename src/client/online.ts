import { defer, fromEvent, map, type Observable, of, take } from 'rxjs';

interface Page {
  navigator?: { onLine?: boolean };
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

/** Emits once when the platform does not say that it is offline: at once, or at its `online` event. */
export function online(): Observable<void> {
  return defer(() => {
    const page = globalThis as Page;
    const isOffline = page.navigator?.onLine === false && page.addEventListener !== undefined;
    return isOffline ? fromEvent(page as Required<Page>, 'online') : of(undefined);
  }).pipe(
    take(1),
    map(() => undefined),
  );
}
