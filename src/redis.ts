// `rxjs-ws/redis`
export { redis, type RedisConfig, type RedisSettings } from './topics/redis/redis.ts';
export type { IoRedisClient, NodeRedisClient, RedisClient } from './topics/redis/RedisClient.ts';
