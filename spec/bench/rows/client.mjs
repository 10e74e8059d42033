// A client hears, and says, as many small messages as it can.
import { withCpu } from '../Bench.mjs';
import { calibrated } from '../calibrated.mjs';
import { cpuRate, paired, rate } from '../paired.mjs';

const bytes = 64;

/** `targets`: what is to be reached against whom; the others stand beside. */
const client = (workload, question, path, targets, bufferUtilToo) => ({
  workload,
  bufferUtilToo,
  run: async (bench) => {
    const names = ['ours', 'ws', 'webSocket', ...(bench.quick ? [] : ['undici'])];
    const { sourcePort } = (await bench.load()).ready;
    const slice = await calibrated(names, async (name, count) => {
      const side = await bench.client(name);
      const url = `ws://127.0.0.1:${sourcePort}${path}?count=${count}&bytes=${bytes}`;
      return withCpu(side, async () => ({
        messages: count,
        seconds: await side.ask(question, url, count, bytes),
      }));
    });
    const { compare, of } = await paired(names, slice, bench.rounds(30));
    const rates = Object.fromEntries(names.map((name) => [name, of(name, rate).median]));
    return Object.entries(targets).map(([name, least], index) => ({
      workload,
      against: name === 'ws' ? 'plain `ws`' : '`rxjs/webSocket` over `ws`',
      ratio: compare('ours', name, rate),
      cpu: compare('ours', name, cpuRate),
      least,
      rates,
      beside: index === 0 && !bench.quick ? { undici: compare('undici', name, rate) } : {},
    }));
  },
});

export const rows = [
  client('client: receive, 64 B', 'receive', '/say', { ws: 0.95, webSocket: 1 }, false),
  client('client: send, 64 B', 'send', '/hear', { ws: 20, webSocket: 20 }, true),
];
