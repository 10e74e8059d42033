import { afterEach, describe, expect } from '@jest/globals';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { ConnectionConfig } from '../../src/connection/ConnectionConfig.ts';
import { closing } from './contract/closing.ts';
import { codecs } from './contract/codecs.ts';
import { fragments } from './contract/fragments.ts';
import { holding } from './contract/holding.ts';
import { iterating } from './contract/iterating.ts';
import type { Pair, PairOpener, SeenClose } from './contract/Pair.ts';
import { pings } from './contract/pings.ts';
import { receiving } from './contract/receiving.ts';
import { sending } from './contract/sending.ts';

export interface OpenPair<In, Out> extends Pair<In, Out> {
  /** The peer got this close frame, where the platform may send it. */
  closeSeen(close: SeenClose): Promise<void>;
}

/** What the parts of the suite are given. */
export interface Contract extends Omit<PairOpener, 'open'> {
  open<In = Data, Out = Sendable>(config?: ConnectionConfig<In, Out>): Promise<OpenPair<In, Out>>;
}

/** What a `Connection` promises, over any transport: the other end is played through a `ContractPeer`. */
export function connectionContract(name: string, opener: PairOpener): void {
  describe(`a connection over ${name}`, () => {
    let opened: Pair<never, never>[] = [];
    afterEach(async () => {
      const ending = opened;
      opened = [];
      await Promise.all(ending.map((pair) => pair.dispose()));
    });

    const contract: Contract = {
      ...opener,
      open: async <In, Out>(config?: ConnectionConfig<In, Out>) => {
        const pair = await opener.open<In, Out>(config);
        opened.push(pair as unknown as Pair<never, never>);
        const closeSeen = async (close: SeenClose): Promise<void> => {
          const seen = await pair.wait(pair.peer.closed);
          if (opener.closeCodes === undefined) expect(seen).toEqual(close);
          else expect(opener.closeCodes).toContain(seen.code);
        };
        return { ...pair, closeSeen };
      },
    };
    receiving(contract);
    holding(contract);
    sending(contract);
    closing(contract);
    pings(contract);
    fragments(contract);
    iterating(contract);
    codecs(contract);
  });
}
