// Run by Redis, each as one step.

/**
 * Adds messages to the history and publishes them together, each with its id: who gets it knows where it stands. Each entry tells
 * the one before it, so that a gap is seen. The newest stays however old: else a quiet topic would be a gap. What may not be
 * published is not kept either.
 *
 * KEYS: history. ARGV: channel, PUBLISH or SPUBLISH, length, age in ms, time to live in ms, then the payloads, of one message each.
 */
export const PUBLISH = `
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local before = newest and newest[1] or ''
local ids = {}
local sent = {}
for i = 6, #ARGV do
  local id = redis.call('XADD', KEYS[1], '*', 'p', ARGV[i], 'b', before)
  local message = string.sub(ARGV[i], 8)
  ids[#ids + 1] = id
  sent[#sent + 1] = string.sub(ARGV[i], 6, 6) .. #message .. ' ' .. id .. '\\n' .. message
  before = id
end
local done = redis.pcall(ARGV[2], ARGV[1], 'rxws1m\\n' .. table.concat(sent))
if type(done) == 'table' then
  redis.call('XDEL', KEYS[1], unpack(ids))
  return done
end
redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', ARGV[3])
local time = redis.call('TIME')
local oldest = string.format('%.0f', math.max(0, time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[4]))
redis.call('XTRIM', KEYS[1], 'MINID', '=', oldest)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return before`;

/**
 * Tells gap (1 or 0), last id, more (1 or 0), then id and payload of each message behind an id.
 *
 * KEYS: history. ARGV: the id, '0' for all, '' for none; age in ms; how many.
 */
export const READ = `
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local last = newest and newest[1] or '0'
if ARGV[1] == '' then return {0, last, 0} end
local time = redis.call('TIME')
local oldest = string.format('%.0f', math.max(0, time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[2]))
local function found(from)
  return redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', ARGV[3] + 1)
end
local gap = 0
local later = found('(' .. ARGV[1])
if ARGV[1] ~= '0' then
  local function before(entry)
    return entry[2][4]
  end
  if #later == 0 then
    if last ~= ARGV[1] then
      gap = 1
      later = found('-')
    end
  elseif before(later[1]) ~= ARGV[1] then
    gap = 1
  end
end
local reply = {gap, last, 0}
local function isOld(id)
  return tonumber(string.match(id, '^%d+')) < tonumber(oldest)
end
if later[1] and isOld(later[1][1]) then
  if ARGV[1] ~= '0' then reply[1] = 1 end
  later = found(oldest)
end
for i = 1, math.min(#later, ARGV[3]) do
  reply[#reply + 1] = later[i][1]
  reply[#reply + 1] = later[i][2][2]
  reply[2] = later[i][1]
end
if #later > tonumber(ARGV[3]) then reply[3] = 1 end
return reply`;
