// What tests are written with; it needs no framework.
export { loopback, type Loopback } from './loopback.ts';
export { runMarbles } from './runMarbles.ts';
export type { Attempt } from './attempts.ts';
export type { LoopbackConfig } from './LoopbackConfig.ts';
export type { MarbleConnectionConfig } from './MarbleConnectionConfig.ts';
export type { MarbleUpgradeConfig } from './MarbleUpgradeConfig.ts';
export type { Expected, MarbleAnswer, Marbles, Played } from './Marbles.ts';
