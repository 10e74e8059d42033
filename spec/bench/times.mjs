/** The same message `count` times, each made when it is asked for. */
export function* times(count, message) {
  for (let i = 0; i < count; i++) yield message;
}
