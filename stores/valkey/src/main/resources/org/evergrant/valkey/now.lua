-- The clock of the server that holds KEYS[1], in seconds and microseconds. A cluster has as many
-- clocks as servers; with the key, all nodes read the same one.
return redis.call('TIME')
