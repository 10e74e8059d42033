import type { IncomingMessage } from 'node:http';
import { Observable } from 'rxjs';

/**
 * The body of an answer as text, longer each time, up to `maxBytes`. **Completes** when it has that many, when the body
 * ends, and when it breaks off; **errors with** nothing.
 */
export function startOfBody(response: IncomingMessage, maxBytes: number): Observable<string> {
  return new Observable<string>((subscriber) => {
    const bytes = Buffer.alloc(maxBytes);
    let length = 0;
    const end = (): void => subscriber.complete();
    response.on('data', (chunk: Buffer) => {
      length += chunk.copy(bytes, length);
      // `stream`: half a character at the end is left out.
      subscriber.next(new TextDecoder().decode(bytes.subarray(0, length), { stream: true }));
      if (length === maxBytes) end();
    });
    response.on('end', end);
    response.on('close', end);
    // Half a body is what there is.
    response.on('error', end);
  });
}
