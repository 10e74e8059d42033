import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Codec } from '../core/Codec.ts';
import type { Data, Sendable } from '../core/Data.ts';
import { DecodeError } from '../core/DecodeError.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { onRejection } from '../core/onRejection.ts';
import { issuesOf, issuesText } from './issues.ts';
import type { Schemas } from './Schemas.ts';

type Result = StandardSchemaV1.Result<unknown>;

/** A codec that answers at once, and of whose values nothing is known. */
export interface Unchecked {
  decode(data: Data): unknown;
  encode(message: unknown): Sendable;
}

/** `codec`, whose messages are what the schemas say. */
export function validated<I extends StandardSchemaV1, O extends StandardSchemaV1>(
  codec: Unchecked,
  schemas: Schemas<I, O>,
): Codec<StandardSchemaV1.InferOutput<I>, StandardSchemaV1.InferInput<O>> {
  const validateIn = validatorOf(schemas.in, 'in');
  const validateOut = validatorOf(schemas.out, 'out');
  return {
    decode: (data) => {
      const result = validateIn(codec.decode(data));
      // A thenable of a schema's own need not give what `then` should.
      return 'then' in result ? Promise.resolve(result).then(outputOf) : outputOf(result);
    },
    encode: (message) => {
      if (schemas.validateOut) assertFits(validateOut(message));
      return codec.encode(message);
    },
    decodeSent: (data) => {
      const sent = codec.decode(data) as StandardSchemaV1.InferInput<O>;
      const result = validateOut(sent);
      // What the schema makes of it is for who receives it; and who asks now cannot wait.
      if ('then' in result) onRejection(result, () => {});
      else outputOf(result);
      return sent;
    },
  };
}

function validatorOf(schema: StandardSchemaV1, name: string): (value: unknown) => Result | Promise<Result> {
  const standard = (schema as Partial<StandardSchemaV1> | undefined)?.['~standard'];
  if (typeof standard?.validate !== 'function')
    throw new InvalidArgumentError(
      `\`${name}\` is no schema that speaks Standard Schema; a newer version of its library may`,
    );
  return (value) => standard.validate(value);
}

function outputOf<T>(result: StandardSchemaV1.Result<T>): T {
  if (!result.issues) return result.value;
  const issues = issuesOf(result.issues);
  // What is wrong with it is for who runs this end; the peer is told that it is.
  throw new DecodeError(`a message does not fit its schema ${issuesText(issues)}`, {
    reason: 'the message does not fit its schema',
    issues,
  });
}

function assertFits(result: Result | Promise<Result>): void {
  if ('then' in result) {
    onRejection(result, () => {});
    throw new InvalidArgumentError('`out` gave a promise; with `validateOut` it has to answer at once');
  }
  if (!result.issues) return;
  const issues = issuesOf(result.issues);
  throw new InvalidArgumentError(`a message that is sent does not fit its schema ${issuesText(issues)}`, {
    cause: issues,
  });
}
