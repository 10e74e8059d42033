import { VirtualTimeScheduler } from 'rxjs';
import { memoryPair } from '../connection/memoryPair.ts';
import { connectionContract } from '../connection/contract.ts';

for (const side of ['server', 'client'] as const) {
  connectionContract(`memory, ${side}`, {
    capabilities: { hold: true, ping: true, fragments: true },
    open: (config) => memoryPair(new VirtualTimeScheduler(), { side }, config),
  });
}

connectionContract('memory that can do nothing', {
  capabilities: { hold: false, ping: false, fragments: false },
  open: (config) =>
    memoryPair(
      new VirtualTimeScheduler(),
      { capabilities: { hold: false, ping: false, fragments: false } },
      config,
    ),
});
