// One client gets many small messages.
import { withCpu } from '../Bench.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';
import { calibrated } from '../calibrated.mjs';

const bytes = 64;
const workload = 'push to one client, 64 B, from an iterable';

async function run(bench) {
  const names = ['ours', 'ws'];
  const load = await bench.load();
  const push = async (name, count) => {
    const side = await bench.server(name, 'push');
    const path = `/?count=${count}&bytes=${bytes}`;
    return withCpu(side, () => load.ask('pull', { port: side.ready.port, path, count, bytes }));
  };
  const slice = await calibrated(names, push);
  const { compare, of } = await paired(names, slice, bench.rounds(30));
  const ours = await bench.server('ours', 'push');
  const before = await ours.ask('memory');
  const million = { count: 1_000_000, bytes };
  await ours.ask('watch');
  await load.ask('pull', { port: ours.ready.port, path: '/?count=1000000&bytes=64', ...million });
  const most = await ours.ask('watched');
  return [
    {
      workload,
      against: '`ws.send` loop by `bufferedAmount`',
      ratio: compare('ours', 'ws', rate),
      cpu: compare('ours', 'ws', cpuRate),
      least: 20,
      rates: Object.fromEntries(names.map((name) => [name, of(name, rate).median])),
    },
    {
      workload: 'memory above the start, while 1,000,000 are pushed (resident)',
      value: (most - before.rss) / 2 ** 20,
      unit: 'MiB',
      most: 16,
    },
  ];
}

export const rows = [{ workload, run }];
