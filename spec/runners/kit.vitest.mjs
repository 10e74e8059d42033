import { expect, test } from 'vitest';
import { expectedFailure, failure, passes, promised } from './tests.mjs';

test('passes', passes);
test('fails', () => expect(failure()).toBe(expectedFailure));
test('sees promises', () => expect(promised()).toBe(true));
