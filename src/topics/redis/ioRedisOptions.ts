/**
 * Of each connection of `ioredis`. What was on its way when the connection was lost is told to have failed: sent again it could come
 * twice. The prefix of the bus is the only one: that of the client is before some names and not before others.
 */
export const IO_REDIS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  enableAutoPipelining: false,
  keyPrefix: '',
};
