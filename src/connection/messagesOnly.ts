import { ignoreElements, type Observable, throwError } from 'rxjs';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Framing } from './Framing.ts';

/** For pages. */
export const messagesOnly: Framing = {
  ping: () => refused('send pings; send messages of your own instead'),
  fragments: () => refused('send a message in parts; send it whole'),
  roundTrips: ({ closed }) => closed.pipe(ignoreElements()),
};

function refused(what: string): Observable<never> {
  return throwError(() => new InvalidArgumentError(`this platform cannot ${what}`));
}
