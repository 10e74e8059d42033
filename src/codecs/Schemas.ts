import type { StandardSchemaV1 } from '@standard-schema/spec';

/**
 * What both ends say to each other, by schemas of any library that speaks Standard Schema: zod, valibot, arktype… The other
 * end has the same two, the other way round.
 */
export interface Schemas<I extends StandardSchemaV1, O extends StandardSchemaV1> {
  /** What arrives. Each message is validated once, in order, however many read it; what the schema makes of it is `In`. */
  in: I;
  /**
   * What is sent: what the schema takes is `Out`. What comes over the bus of `topics` was sent by another process: it has to
   * fit too, where the schema answers at once.
   */
  out: O;
  /**
   * Whether what is sent is validated too, for where the compiler has not seen it. It is sent as it was given, since the
   * transforms of the schema are for who receives it. `out` has to answer at once then. Default false.
   */
  validateOut?: boolean;
}
