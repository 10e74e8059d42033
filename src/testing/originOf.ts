/** Where this library lies: what is below it is not the user's. */
const OWN = /^.*at .*?((?:file:\/\/)?\/.*|\w:\\.*)[/\\]testing[/\\]originOf\./m.exec(
  new Error().stack ?? '',
)?.[1];
const RUN = /[/\\]testing[/\\]runMarbles\./;

/** The first place in a stack that is neither in this library nor in a package nor in Node; empty where there is none. */
export function originOf(stack: string | undefined): string {
  const lines = (stack ?? '').split('\n').slice(1);
  // Who called `runMarbles` is behind all that happens in it.
  const end = lines.findIndex((line) => OWN !== undefined && line.includes(OWN) && RUN.test(line));
  const inside = end === -1 ? lines : lines.slice(0, end);
  return inside.map(placeIn).find((place) => place !== undefined) ?? '';
}

/** The same for the caller of the caller. */
export function here(): string {
  return originOf(new Error().stack);
}

function placeIn(line: string): string | undefined {
  const place = /[( ]((?:file:\/\/)?(?:\/|\w:\\)[^()]*:\d+:\d+)\)?$/.exec(line)?.[1];
  if (place === undefined || /[/\\]node_modules[/\\]/.test(place)) return undefined;
  return OWN !== undefined && place.startsWith(OWN) ? undefined : place;
}
