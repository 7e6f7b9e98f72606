-- One compare-and-set. Redis 6.2 and everything after it runs this.
--
-- KEYS[1]  the app's record
-- ARGV[1]  the schema that the caller knows
-- ARGV[2]  the version that the caller read; 0 where there was no record
-- ARGV[3]  the stamp that the caller read with it; empty where it has read none
-- ARGV[4]  the next version
-- ARGV[5]  the next stamp
-- ARGV[6]  the record
-- ARGV[7]  milliseconds that it is kept
-- ARGV[8]  the channel
-- ARGV[9]  what is said on the channel, with the record behind it if that is not large
--
-- Returns 1 when it wrote, 0 when another was quicker, and the schema, negative, of somebody newer.
local found = redis.call('HMGET', KEYS[1], 'schema', 'version', 'stamp')
local schema = tonumber(found[1] or ARGV[1])
if schema > tonumber(ARGV[1]) then
  return -schema
end
if ARGV[2] == '0' then
  if found[2] then
    return 0
  end
elseif found[2] ~= ARGV[2] or (ARGV[3] ~= '' and found[3] ~= ARGV[3]) then
  -- The version alone would not do: a failover that loses a write gives its number out twice.
  return 0
end
redis.call('HSET', KEYS[1], 'schema', ARGV[1], 'version', ARGV[4], 'stamp', ARGV[5], 'record', ARGV[6])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
redis.call('PUBLISH', ARGV[8], #ARGV[6] <= 4096 and ARGV[9] .. ARGV[6] or ARGV[9])
return 1
