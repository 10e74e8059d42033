import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import type { SocketSubject } from './SocketSubject.ts';
import { isSocketSubject } from './subjectOver.ts';
import type { WebSocketSubjectConfig } from './WebSocketSubjectConfig.ts';

/** How subjects are made with `new`. */
export type WebSocketSubjectConstructor = new <T>(
  urlOrConfig: string | WebSocketSubjectConfig<T>,
) => SocketSubject<T>;

/** `make`, for those who write `new`; `instanceof` knows what was made either way. Not to be extended. */
export function constructorOver(
  make: <T>(urlOrConfig: string | WebSocketSubjectConfig<T>) => SocketSubject<T>,
): WebSocketSubjectConstructor {
  const Made = class WebSocketSubject {
    constructor(urlOrConfig: string | WebSocketSubjectConfig<unknown>) {
      if (new.target !== Made)
        throw new InvalidArgumentError('WebSocketSubject cannot be extended; keep one in a field instead');
      return make(urlOrConfig);
    }

    static [Symbol.hasInstance](value: unknown): boolean {
      return isSocketSubject(value);
    }
  };
  return Made as unknown as WebSocketSubjectConstructor;
}
