// A hundred connections with one message under way on each: there is nothing to batch.
import { withCpu } from '../Bench.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';

const workload = 'echo, 100 × 1 in flight, 64 B';

async function run(bench) {
  const names = ['ours', 'ws'];
  const load = await bench.load();
  for (const name of names) {
    const { port } = (await bench.server(name, 'echo')).ready;
    await load.ask('open', 'echo', name, { port, connections: 100, inFlight: 1, bytes: 64 });
  }
  const { compare, of } = await paired(
    names,
    async (name) => withCpu(await bench.server(name, 'echo'), () => load.ask('slice', name, 150)),
    bench.rounds(60, 10),
  );
  for (const name of names) await load.ask('close', name);
  const against = '`ws` callback';
  return [
    {
      workload,
      against,
      ratio: compare('ours', 'ws', rate),
      cpu: compare('ours', 'ws', cpuRate),
      least: 1,
      rates: Object.fromEntries(names.map((name) => [name, of(name, rate).median])),
    },
    {
      workload: 'the same, median latency',
      against,
      ratio: compare('ours', 'ws', ({ medianMs }) => medianMs),
      most: 1.05,
    },
  ];
}

export const rows = [{ workload, bufferUtilToo: true, run }];
