// What a server does, for OpenTelemetry: metrics read from a snapshot when they are collected, and the life of each connection from
// Node's diagnostics channels, which need no hand on the server.
import { metrics } from '@opentelemetry/api';
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { subscribe } from 'node:diagnostics_channel';
import { type ClosedMessage, handle, listen, serverStatistics } from 'rxjs-ws';
import { map } from 'rxjs';

const exporter = new ConsoleMetricExporter();
const exportIntervalMillis = Number(process.env.EXPORT_MS ?? 60_000);
const reader = new PeriodicExportingMetricReader({
  exporter,
  exportIntervalMillis,
  exportTimeoutMillis: exportIntervalMillis,
});
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
const meter = metrics.getMeter('rxjs-ws');

const statistics = serverStatistics();
const open = meter.createObservableGauge('ws.connections.open');
const messages = meter.createObservableCounter('ws.messages');
const refused = meter.createObservableCounter('ws.refused');
meter.addBatchObservableCallback(
  (result) => {
    const now = statistics.snapshot();
    result.observe(open, now.open);
    result.observe(messages, now.receivedMessages, { direction: 'in' });
    result.observe(messages, now.sentMessages, { direction: 'out' });
    for (const [reason, count] of Object.entries(now.refused)) result.observe(refused, count, { reason });
  },
  [open, messages, refused],
);

const lives = meter.createHistogram('ws.connection.duration', { unit: 'ms' });
subscribe('rxjs-ws:closed', (message) => {
  const { close, side } = message as ClosedMessage;
  lives.record(close.openMs, { code: close.code, side });
});

listen({ port: Number(process.env.PORT ?? 8080), statistics, listening: ({ url }) => console.log(url) })
  .pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))))
  .subscribe();
