import { validateHeaderName, validateHeaderValue } from 'node:http';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';

/** Header fields as they go on the wire; throws for what would break the answer, or is in `ours`. */
export function headerLines(headers: Readonly<Record<string, string>>, ours: RegExp): readonly string[] {
  return Object.entries(headers).map(([name, value]) => {
    const text = String(value);
    try {
      validateHeaderName(name);
      validateHeaderValue(name, text);
    } catch (cause) {
      throw new InvalidArgumentError(
        `the header ${JSON.stringify(name)} has a name or a value that cannot be sent`,
        { cause },
      );
    }
    if (ours.test(name))
      throw new InvalidArgumentError(`the header ${name} is set by the server itself; leave it out`);
    return `${name}: ${text}`;
  });
}
