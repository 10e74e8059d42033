// `rxjs-ws/nats`
export { nats, type NatsConfig, type NatsSettings } from './topics/nats/nats.ts';
export type { NatsConnection, NatsMessage } from './topics/nats/NatsConnection.ts';
