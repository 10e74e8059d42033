/** A message of a topic did not get through the bus, or what came from there is no message of ours. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code = 'BUS';
}
