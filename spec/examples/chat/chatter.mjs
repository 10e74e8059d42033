// Somebody in a room, without a page.
import { randomUUID } from 'node:crypto';
import { peer } from '../peer.mjs';

export const chatter = async (url, name, { room = 'lobby', since = '0' } = {}) => {
  const { socket, closed, send, next } = await peer(url);
  const tell = (message) => send(JSON.stringify(message));
  tell({ type: 'join', room, name, since });
  /** The next message of a type. */
  const hears = async (type) => {
    for (;;) {
      const message = JSON.parse(await next());
      if (message.type === type) return message;
    }
  };
  return {
    socket,
    closed,
    tell,
    hears,
    say: (text, key = randomUUID()) => tell({ type: 'say', key, text }),
    /** The texts of so many lines. */
    lines: async (count) => {
      const texts = [];
      while (texts.length < count) texts.push((await hears('line')).text);
      return texts;
    },
    /** Waits until exactly these are in the room. */
    sees: async (...names) => {
      while (JSON.stringify((await hears('members')).names) !== JSON.stringify(names));
    },
  };
};
