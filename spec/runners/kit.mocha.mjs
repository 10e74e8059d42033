import assert from 'node:assert';
import { expectedFailure, failure, passes, promised } from './tests.mjs';

it('passes', passes);
it('fails', () => assert.equal(failure(), expectedFailure));
it('sees promises', () => assert.ok(promised()));
