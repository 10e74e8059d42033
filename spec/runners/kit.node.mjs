import assert from 'node:assert';
import { test } from 'node:test';
import { expectedFailure, failure, passes, promised } from './tests.mjs';

test('passes', passes);
test('fails', () => assert.equal(failure(), expectedFailure));
test('sees promises', () => assert.ok(promised()));
