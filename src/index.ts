// The public API in Node: both ends.
export { connect } from './client/connect.ts';
export { dial } from './client/dial.ts';
export { toDuplex } from './connection/toDuplex.ts';
export { ListenError } from './core/ListenError.ts';
export { accept } from './server/accept.ts';
export { handle } from './server/handle.ts';
export { listen } from './server/listen.ts';
export { reject, type Refusal } from './server/reject.ts';
export { upgrades } from './server/upgrades.ts';
export type { AcceptConfig } from './server/AcceptConfig.ts';
export type { Accepted } from './server/Accepted.ts';
export type { ContextOf, Decision } from './server/Decision.ts';
export type { ListenAddress } from './server/ListenAddress.ts';
export type { ListenConfig } from './server/ListenConfig.ts';
export type { Upgrade } from './server/Upgrade.ts';
export type { PerMessageDeflate } from './transports/ws/PerMessageDeflate.ts';
export type { UpgradeConfig } from './server/UpgradeConfig.ts';
export * from './shared.ts';
