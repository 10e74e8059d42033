// Who moves messages from one process to another: rxjs-ws over a client of a bus, and the client by itself.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { messageOf } from '../messageOf.mjs';
import { load, root, rxjs } from '../peers.mjs';

const require = createRequire(join(root, 'package.json'));
const url = process.env.BENCH_BUS;
const [, , role] = process.argv;
const [name, how, topicCount, bytes] = role.split(' ');
/** Nobody hears what is said on another one's. */
const prefix = `bench-${role.replaceAll(' ', '-')}`;
const topics = Array.from({ length: Number(topicCount) }, (_, i) => `${prefix}-${i}`);
let at = 0;
/** The topics in turn. */
const next = () => topics[at++ % topics.length];

const clients = {
  'node-redis': () => require('@redis/client').createClient({ url }),
  ioredis: () => new (require('ioredis').Redis)(url),
  nats: () => require('@nats-io/transport-node').connect({ servers: url }),
};

/** The client, as one writes it: `made` of a message is published, `read` of a text is received. */
const bare = {
  'node-redis': async (made, read) => {
    const [publisher, subscriber] = [clients['node-redis'](), clients['node-redis']()];
    await Promise.all([publisher.connect(), subscriber.connect()]);
    return {
      publish: (message) => void publisher.publish(next(), made(message)),
      hear: (heard) => subscriber.subscribe(topics, (text) => heard(read(text))),
    };
  },
  ioredis: (made, read) => {
    const [publisher, subscriber] = [clients.ioredis(), clients.ioredis()];
    return {
      publish: (message) => void publisher.publish(next(), made(message)),
      hear: (heard) => {
        subscriber.on('message', (_channel, text) => heard(read(text)));
        return subscriber.subscribe(...topics);
      },
    };
  },
  nats: async (made, read) => {
    const connection = await clients.nats();
    return {
      publish: (message) => connection.publish(next(), made(message)),
      hear: (heard) => {
        const callback = (_error, message) => heard(read(message.string()));
        for (const topic of topics) connection.subscribe(topic, { callback });
        return connection.flush();
      },
    };
  },
};

/** The client of a history, as one writes it. */
const stream = async (made) => {
  const connection = await clients.nats();
  const { jetstream, jetstreamManager } = require('@nats-io/jetstream');
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: prefix, subjects: topics, max_msgs_per_subject: 1_000 });
  const client = jetstream(connection);
  return { publish: (message) => void client.publish(next(), made(message)) };
};

const ours = async (history) => {
  const { json, topics: open } = await load('index.js');
  const { redis } = await load('redis.js');
  const { nats } = await load('nats.js');
  // A stream keeps all that is published under its prefix.
  const settings = { idleMs: 86_400_000, prefix, history };
  const bus = name === 'nats' ? nats({ url, ...settings }) : redis({ client: clients[name](), ...settings });
  const rooms = open({ codec: json(), bus });
  return {
    publish: (message) => void rooms.publish(next(), message),
    hear: (heard) =>
      new Promise((ready) => {
        for (const topic of topics)
          rooms.messages(topic).subscribe(({ value }) => {
            if (value === null) ready();
            else heard(value);
          });
        // What is published behind a subscription comes after it stands.
        rooms.publish(topics.at(-1), null);
      }),
  };
};

/** `how`: `ours`, `history`, `bare` (a text goes as it is), `json` (the bare client, with `JSON` at both ends), `stream` (the bare client of JetStream). */
export async function voice() {
  const message = messageOf(Number(bytes));
  const same = (value) => value;
  switch (how) {
    case 'bare':
      return {
        message: JSON.stringify(message),
        lengthOf: (text) => text.length,
        ...(await bare[name](same, same)),
      };
    case 'json':
      return {
        message,
        lengthOf: ({ text }) => text.length,
        ...(await bare[name](JSON.stringify, JSON.parse)),
      };
    case 'stream': {
      const { hear } = await bare[name](same, same);
      return {
        message: JSON.stringify(message),
        lengthOf: (text) => text.length,
        hear,
        ...(await stream(same)),
      };
    }
    default:
      return { message, lengthOf: ({ text }) => text.length, ...(await ours(how === 'history')) };
  }
}
