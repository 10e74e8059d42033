// The load: raw sockets that send prepared frames, in a process of its own.
import { answer } from './answer.mjs';
import { Crowd } from './load/Crowd.mjs';
import { Echo } from './load/Echo.mjs';
import { pull } from './load/pull.mjs';
import { Room } from './load/Room.mjs';
import { source } from './load/source.mjs';
import { Stubborn } from './load/Stubborn.mjs';

const kinds = { echo: Echo, crowd: Crowd, stubborn: Stubborn, room: Room };
const groups = new Map();

answer(
  { sourcePort: await source() },
  {
    pull,
    /** Opens connections of a kind, and keeps them under a name. */
    open: async (kind, name, target) => void groups.set(name, await kinds[kind].open(target)),
    slice: (name, ms) => groups.get(name).slice(ms),
    hear: (name, ...args) => groups.get(name).hear(...args),
    latencies: (name, published) => groups.get(name).latencies(published),
    // These two go on while others are asked.
    send: (name, ...args) => void groups.get(name).send(...args),
    sendNumbered: (name, bytes) => void groups.get(name).sendNumbered(bytes),
    stop: (name) => groups.get(name).stop(),
    sent: (name) => groups.get(name).sent,
    numbered: (name, bytes) => groups.get(name).numbered(bytes),
    close: (name) => {
      groups.get(name).close();
      groups.delete(name);
    },
  },
);
