// The same message for many: prepared once by us, framed for each by a loop of `ws.send`; and what topics add to that.
import { paired, cpuEach } from '../paired.mjs';
import { withCpu } from '../Bench.mjs';

const connections = 500;
const bytes = 64;

const fanOut = ({ what, one, other, against, messages, most }) => {
  const workload = `${what} to ${connections}, bursts of ${messages}, 64 B`;
  return {
    workload,
    run: async (bench) => {
      const sides = { [one.name]: one, [other.name]: other };
      const names = Object.keys(sides);
      const load = await bench.load();
      const server = (name) => bench.server(sides[name].server, sides[name].role);
      for (const name of names) {
        const { port } = (await server(name)).ready;
        await load.ask('open', 'crowd', name, { port, connections });
      }
      const bursts = messages === 1 ? 20 : 5;
      const deliveries = bursts * messages * connections;
      const slice = async (name) => {
        const side = await server(name);
        return withCpu(side, async () => {
          const heard = load.ask('hear', name, deliveries * (2 + bytes));
          await side.ask('bursts', bursts, messages, bytes);
          await heard;
          return { messages: deliveries };
        });
      };
      const { compare, of } = await paired(names, slice, bench.rounds(30));
      for (const name of names) await load.ask('close', name);
      return {
        workload,
        against,
        ratio: compare(...names, cpuEach),
        most,
        cpuEach: Object.fromEntries(names.map((name) => [name, of(name, cpuEach).median])),
      };
    },
  };
};

const overWs = {
  what: 'fan-out',
  one: { name: 'ours', server: 'ours', role: 'fan-out' },
  other: { name: 'ws', server: 'ws', role: 'fan-out' },
  against: 'CPU of a `ws.send` loop',
};
const overTopics = {
  what: 'fan-out of JSON by `topics`',
  one: { name: 'topics', server: 'ours', role: 'fan-out topics' },
  other: { name: 'shared', server: 'ours', role: 'fan-out json' },
  against: 'CPU of a shared Observable of what `prepare` made',
};

export const rows = [
  fanOut({ ...overWs, messages: 10, most: 0.12 }),
  fanOut({ ...overWs, messages: 1, most: 0.95 }),
  fanOut({ ...overTopics, messages: 10, most: 1.1 }),
  fanOut({ ...overTopics, messages: 1, most: 1.1 }),
];
