// The same message for many: prepared once by us, framed for each by a loop of `ws.send`.
import { paired, cpuEach } from '../paired.mjs';
import { withCpu } from '../Bench.mjs';

const connections = 500;
const bytes = 64;

const fanOut = (messages, most) => {
  const workload = `fan-out to ${connections}, bursts of ${messages}, 64 B`;
  return {
    workload,
    run: async (bench) => {
      const names = ['ours', 'ws'];
      const load = await bench.load();
      for (const name of names) {
        const { port } = (await bench.server(name, 'fan-out')).ready;
        await load.ask('open', 'crowd', name, { port, connections });
      }
      const bursts = messages === 1 ? 20 : 5;
      const deliveries = bursts * messages * connections;
      const slice = async (name) => {
        const side = await bench.server(name, 'fan-out');
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
        against: 'CPU of a `ws.send` loop',
        ratio: compare('ours', 'ws', cpuEach),
        most,
        cpuEach: Object.fromEntries(names.map((name) => [name, of(name, cpuEach).median])),
      };
    },
  };
};

export const rows = [fanOut(10, 0.12), fanOut(1, 0.95)];
