import type { Observable } from 'rxjs';
import { duration } from './aligned.ts';
import { type Attempt, attempts } from './attempts.ts';
import { isMeantSame, type IsMeant } from './difference.ts';
import type { Anything } from './Anything.ts';
import type { MarbleConnectionConfig } from './MarbleConnectionConfig.ts';
import type { Happening } from './Happening.ts';
import { includes, isSame } from './isSame.ts';
import { MarbleConnection } from './MarbleConnection.ts';
import type { Marbles, Played } from './Marbles.ts';
import { MarbleUpgrade } from './MarbleUpgrade.ts';
import { openMarble } from './openMarble.ts';
import { type Diagram, type DiagramKind, parseDiagram } from './parseDiagram.ts';
import type { RxjsStage } from './rxjsHelpers.ts';

/** What these helpers need of the run beside. */
export interface ConnectionStage extends RxjsStage {
  /** What reached `onError` of connections that have none. */
  readonly unhandled: unknown[];
}

type Helpers = Omit<Marbles, keyof import('rxjs/testing').RunHelpers>;

/** The helpers for connections; see `Marbles`. */
export function connectionHelpers(stage: ConnectionStage): Helpers {
  const { scheduler, expectations, leftovers } = stage;
  const dials = new Map<Observable<unknown>, Happening[]>();
  const unhandled = (error: unknown): void => void stage.unhandled.push(error);
  const failed = (text: string): void => expectations.note(text);

  /** One kind of expectation: `actual` is compared with the diagram when the run is over. */
  const expecting = (
    { name, aside }: Subject,
    kind: DiagramKind,
    actual: readonly Happening[],
    valueOf: (letter: string, values: unknown) => unknown,
    isMeant: IsMeant,
    seen: (diagram: Diagram) => void = () => {},
  ): { toBe(marbles: string, values?: unknown): void } => {
    const expectation = expectations.addOwn(name, aside);
    const toBe = (marbles: string, values?: unknown): void => {
      const diagram = scheduler.seen(parseDiagram(marbles, kind, `${name}.toBe`, values));
      const expected = diagram.marks.map(({ frame, sign }): Happening => {
        return { frame, kind: 'N', letter: sign, value: valueOf(sign, values) };
      });
      seen(diagram);
      expectations.said(expectation, toBe, diagram);
      expectations.compare(expectation, expected, actual, isMeant);
    };
    return { toBe };
  };

  return {
    connection: <In, Context>(
      incoming: string,
      values?: Readonly<Record<string, unknown>>,
      config: MarbleConnectionConfig<In, Anything, Context> = {},
    ) => {
      const connection = openMarble({ scheduler, unhandled }, incoming, values, config);
      leftovers.connections.push(connection);
      return connection;
    },
    upgrade: (incoming, values, config = {}) => new MarbleUpgrade(scheduler, incoming, values, config),
    attempts: <In>(list: readonly Attempt<In>[]) => {
      const happenings: Happening[] = [];
      const dialled = (frame: number): void => void happenings.push({ frame, kind: 'N', value: 'a dial' });
      const result = attempts<In>(list, scheduler, failed, dialled);
      dials.set(result, happenings);
      return result;
    },
    expectSent: (connection) => {
      const played = marble(connection);
      const isMeant: IsMeant = ({ value }, { value: sent, wire = '' }) =>
        isSame(value, sent) || played.isWire(value, wire);
      return expecting(titled('expectSent', connection), 'events', played.recording.sent, byLetter, isMeant);
    },
    expectClosed: (connection) => {
      const { closed } = marble(connection).recording;
      return expecting(titled('expectClosed', connection), 'events', closed, whole, hasFields);
    },
    expectReading: (connection) => {
      const { reading } = marble(connection).recording;
      const seen = ({ marks }: Diagram): void => {
        if (marks.at(-1)?.sign === 'f') leftovers.expectHeld(connection);
      };
      return expecting(
        titled('expectReading', connection),
        'states',
        reading,
        (letter) => letter,
        isMeantSame,
        seen,
      );
    },
    expectDropped: (connection) => {
      const { dropped } = marble(connection).recording;
      return expecting(titled('expectDropped', connection), 'events', dropped, byLetter, isMeantSame);
    },
    expectPinged: (connection) => {
      const { pinged } = marble(connection).recording;
      const isMeant: IsMeant = ({ value }, actual) => value === undefined || value === actual.value;
      const payload = (letter: string, payloads: unknown): unknown =>
        (Object(payloads) as Record<string, unknown>)[letter];
      return expecting(titled('expectPinged', connection), 'events', pinged, payload, isMeant);
    },
    expectAnswered: (upgrade) => {
      const { answered } = marble(upgrade).recording;
      return expecting(titled('expectAnswered', upgrade), 'events', answered, whole, hasFields);
    },
    expectDialled: (dialled) => {
      const happenings = dials.get(dialled);
      if (happenings === undefined) throw new TypeError('expectDialled takes what attempts(…) gave');
      return expecting(
        { name: 'expectDialled(…)', aside: () => '' },
        'events',
        happenings,
        () => undefined,
        () => true,
      );
    },
  };
}

/** The value of a letter, or the letter itself. */
function byLetter(letter: string, values: unknown): unknown {
  const given = Object(values) as Record<string, unknown>;
  return Object.hasOwn(given, letter) ? given[letter] : letter;
}

/** What is expected has no letters: fields, of which those that are given are compared. */
function whole(_letter: string, fields: unknown): unknown {
  return fields;
}

const hasFields: IsMeant = ({ value }, actual) => includes(actual.value, Object(value) as object);

type Marble = MarbleConnection<unknown, unknown, unknown> | MarbleUpgrade;

function marble(played: Played): Marble {
  if (played instanceof MarbleConnection || played instanceof MarbleUpgrade) return played;
  throw new TypeError('this takes what connection(…) or upgrade(…) gave');
}

/** What is looked at, as a failure names it. */
interface Subject {
  readonly name: string;
  readonly aside: () => string;
}

function titled(name: string, played: Played): Subject {
  const subject = marble(played);
  const aside = (): string => {
    const { begunAt } = subject;
    // Its diagrams begin there.
    if (begunAt === undefined) return ', never handed over';
    return begunAt > 0 ? `, handed over at ${duration(begunAt)}` : '';
  };
  const what = played instanceof MarbleUpgrade ? 'upgrade' : 'connection';
  return { name: `${name}(${what}(${JSON.stringify(subject.diagram.marbles.trim())}))`, aside };
}
