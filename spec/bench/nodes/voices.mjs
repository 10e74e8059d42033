// Who moves messages from one process to another: rxjs-ws over a client of a bus, and the client by itself.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { messageOf } from '../messageOf.mjs';
import { load, root } from '../peers.mjs';

const require = createRequire(join(root, 'package.json'));
const url = process.env.BENCH_BUS;
/** Nobody hears what is said on another one's. */
const topic = `bench-${process.argv[2].replaceAll(' ', '-')}`;

const clients = {
  'node-redis': () => require('@redis/client').createClient({ url }),
  ioredis: () => new (require('ioredis').Redis)(url),
  nats: () => require('@nats-io/transport-node').connect({ servers: url }),
};

/** The client, as one writes it: `made` of a message is published, `read` of a text is received. */
const bare = {
  'node-redis': async (made, read) => {
    const [publisher, subscriber] = await Promise.all([
      clients['node-redis']().connect(),
      clients['node-redis']().connect(),
    ]);
    return {
      publish: (message) => void publisher.publish(topic, made(message)),
      hear: (heard) => subscriber.subscribe(topic, (text) => heard(read(text))),
    };
  },
  ioredis: (made, read) => {
    const publisher = clients.ioredis();
    const subscriber = clients.ioredis();
    return {
      publish: (message) => void publisher.publish(topic, made(message)),
      hear: (heard) => {
        subscriber.on('message', (_channel, text) => heard(read(text)));
        return subscriber.subscribe(topic);
      },
    };
  },
  nats: async (made, read) => {
    const connection = await clients.nats();
    return {
      publish: (message) => connection.publish(topic, made(message)),
      hear: (heard) => {
        connection.subscribe(topic, { callback: (_error, message) => heard(read(message.string())) });
        return connection.flush();
      },
    };
  },
};

const ours = async (name, history) => {
  const { topics, json } = await load('index.js');
  const { redis } = await load('redis.js');
  const { nats } = await load('nats.js');
  // A stream keeps all that is published under its prefix.
  const how = { idleMs: 86_400_000, prefix: topic, history };
  const bus = name === 'nats' ? nats({ url, ...how }) : redis({ client: clients[name](), ...how });
  const rooms = topics({ codec: json(), bus });
  return {
    publish: (message) => rooms.publish(topic, message),
    hear: (heard) =>
      new Promise((ready) => {
        rooms.messages(topic).subscribe(({ value }) => {
          if (value === null) ready();
          else heard(value);
        });
        // What is published behind a subscription comes after it stands.
        rooms.publish(topic, null);
      }),
  };
};

/** `how`: `ours`, `history`, `bare` (a text goes as it is), `json` (the bare client, with `JSON` at both ends). */
export async function voice(name, how, bytes) {
  const message = messageOf(bytes);
  const text = JSON.stringify(message);
  const same = (value) => value;
  switch (how) {
    case 'bare':
      return { message: text, ...(await bare[name](same, same)) };
    case 'json':
      return { message, ...(await bare[name](JSON.stringify, JSON.parse)) };
    default:
      return { message, ...(await ours(name, how === 'history')) };
  }
}
