// The panel of /slow: what the reader should do, and what becomes of its feed.
import { json } from 'rxjs-ws';
import { distinctUntilChanged, filter, fromEvent, ignoreElements, map, merge, startWith, tap } from 'rxjs';
import { element } from './element.ts';
import { endpoint } from './endpoint.ts';
import { plot } from './plot.ts';
import type { SlowReport, SlowWish } from './SlowReport.ts';

const section = element('slow');
const reads = element<HTMLInputElement>('reads');
const policy = element<HTMLSelectElement>('policy');

const showSpeed = () => {
  const words = reads.value === '0' ? 'nothing' : `${reads.value} a second`;
  element('reads-text').textContent = words;
  reads.ariaValueText = words;
};
const wishes = merge(fromEvent(reads, 'input'), fromEvent(policy, 'change')).pipe(
  startWith('what is chosen'),
  tap(showSpeed),
  map((): SlowWish => ({ policy: policy.value, reads: reads.valueAsNumber })),
);

const rate = (value: number) => `${value}/s`;
const formats: Record<string, (value: number) => string> = {
  queued: (bytes) => `${Math.round(bytes / 1_024)} KiB`,
  sent: rate,
  read: rate,
  dropped: rate,
  age: (ms) => `${(ms / 1_000).toFixed(1)} s`,
};
const draw = plot(section);
const show = (report: SlowReport) => {
  draw(report);
  for (const [name, value] of Object.entries(report)) {
    const field = section.querySelector(`[data-value=${name}]`);
    if (field) field.textContent = formats[name]!(value as number);
  }
};

const ended = ({ end, policy }: SlowReport) =>
  end && `The feed (${policy}) was closed with ${end.code}: ${end.reason || 'no reason given'}.`;
const words = (report: SlowReport) => {
  const end = ended(report);
  return end
    ? `${end} Move the slider or choose a policy for a new one.`
    : `The feed (${report.policy}) is open.`;
};

/** What it sends and how its feeds end, for the log; ten reports a second would hide all else there. */
export const slow = endpoint(
  { url: '/slow', codec: json<SlowReport, SlowWish>() },
  ({ messages, send }) =>
    merge(
      wishes.pipe(
        filter((wish) => send(wish)),
        map((wish) => JSON.stringify(wish)),
      ),
      messages.pipe(tap(show), ignoreElements()),
      // Told once, not ten times a second: it is read aloud.
      messages.pipe(
        map(words),
        distinctUntilChanged(),
        tap((told) => (element('feed').textContent = told)),
        ignoreElements(),
      ),
    ),
  ({ messages }) =>
    messages.pipe(
      map(ended),
      filter((told) => told !== undefined),
    ),
);
