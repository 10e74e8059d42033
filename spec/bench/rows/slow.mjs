// A project that takes 10 ms for each message, and a peer that sends without end.
import { setTimeout } from 'node:timers/promises';

const workload = '10 ms a message by `flowMap`, a peer that sends without end: held';
const bytes = 100;
const frame = bytes + 6;
const maxWaiting = 16;

async function run(bench) {
  const load = await bench.load();
  const server = await bench.server('ours', 'slow');
  await load.ask('open', 'stubborn', 'slow', { port: server.ready.port, reads: true });
  await load.ask('sendNumbered', 'slow', bytes);
  let held = 0;
  for (let i = 0; i < (bench.quick ? 20 : 60); i++) {
    await setTimeout(50);
    const { read } = await server.ask('bytes');
    const { count } = await load.ask('numbered', 'slow', bytes);
    held = Math.max(held, read - count * frame);
  }
  await load.ask('stop', 'slow');
  await server.ask('hurry');
  let state;
  let sent;
  for (let i = 0; i < 200 && (i === 0 || state.count < sent); i++) {
    await setTimeout(50);
    state = await load.ask('numbered', 'slow', bytes);
    ({ sent } = await load.ask('sent', 'slow'));
  }
  await load.ask('close', 'slow');
  return {
    workload,
    against: 'nothing',
    value: held / 1_024,
    unit: 'KiB',
    most: 192 + ((maxWaiting + 1) * frame) / 1_024,
    failed: state.count !== sent || !state.inOrder,
    note: `${(sent - state.count).toLocaleString('en')} of ${sent.toLocaleString('en')} lost, ${state.inOrder ? 'in order' : 'out of order'}`,
  };
}

export const rows = [{ workload, run }];
