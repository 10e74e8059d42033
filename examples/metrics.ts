// What a server does, for Prometheus: GET /metrics. Nothing is looked at between two scrapes.
import { createServer } from 'node:http';
import { handle, listen, type ServerSnapshot, serverStatistics } from 'rxjs-ws';
import { map } from 'rxjs';

const statistics = serverStatistics();

/** The text format: `# TYPE`, and a line for each set of labels. */
function exposition(now: ServerSnapshot): string {
  const metric = (
    type: 'gauge' | 'counter',
    name: string,
    values: Record<string, number>,
    label = '',
  ): string =>
    [
      `# TYPE ws_${name} ${type}`,
      ...Object.entries(values).map(([key, value]) => `ws_${name}${label && `{${label}="${key}"}`} ${value}`),
    ].join('\n');
  const of = (value: number): Record<string, number> => ({ '': value });
  const { median = 0, p95 = 0, max = 0 } = now.roundTripMs ?? {};
  return `${[
    metric('gauge', 'open_connections', of(now.open)),
    metric('gauge', 'held_connections', of(now.held)),
    metric('gauge', 'queued_bytes', of(now.queuedBytes)),
    metric('gauge', 'read_ahead_bytes', of(now.readAheadBytes)),
    metric('gauge', 'round_trip_ms', { 0.5: median, 0.95: p95, 1: max }, 'quantile'),
    metric('counter', 'accepted_total', of(now.accepted)),
    metric('counter', 'refused_total', { ...now.refused }, 'reason'),
    metric('counter', 'ended_total', { ...now.ended }, 'code'),
    metric('counter', 'messages_total', { in: now.receivedMessages, out: now.sentMessages }, 'direction'),
    metric('counter', 'bytes_total', { in: now.receivedBytes, out: now.sentBytes }, 'direction'),
    metric('counter', 'dropped_messages_total', of(now.droppedMessages)),
  ].join('\n')}\n`;
}

const server = createServer((request, response) => {
  if (request.url !== '/metrics') response.writeHead(404).end();
  else response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition(statistics.snapshot()));
});
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening on', server.address()));

listen({
  server,
  path: '/shout',
  statistics,
  maxConnections: 10_000,
  shouldUpgrade: ({ query }) => !query.has('no'),
})
  .pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))))
  .subscribe();

statistics.refusals.subscribe(({ reason, status, handshake }) =>
  console.log(reason, status, handshake?.path),
);
