import { fragments } from './fragments.ts';
import type { Framing } from './Framing.ts';
import { messagesOnly } from './messagesOnly.ts';
import { Pings } from './Pings.ts';
import { roundTrips } from './roundTrips.ts';

/** For all but pages: what the transport cannot do is refused as it is in a page. */
export const allFrames: Framing = {
  ping: (engine, data) =>
    engine.transport.capabilities.ping
      ? (engine.watch.pings ??= new Pings(engine)).ping(data)
      : messagesOnly.ping(engine, data),
  fragments: (engine, parts) =>
    engine.transport.capabilities.fragments
      ? fragments(parts, engine)
      : messagesOnly.fragments(engine, parts),
  roundTrips,
};
