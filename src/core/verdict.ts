import { InvalidArgumentError } from './InvalidArgumentError.ts';
import { onRejection } from './onRejection.ts';

/** What a predicate of the user's answered. A promise is no answer: as a truth value it would always be true. */
export function verdict(answer: unknown, name: string): boolean {
  if (typeof answer === 'object' && answer !== null && 'then' in answer) {
    onRejection(answer, () => {});
    throw new InvalidArgumentError(`${name} gave a promise; it has to answer at once`);
  }
  return Boolean(answer);
}
