#!lua name=LIBRARY
-- The one Redis trip of a request: is its token revoked, and do its quotas have room? Atomic.
--
-- KEYS: `revocations` keys (0, or rev:sid, rev:jti, ver:sub, rev:floor, rev:generation), then one per quota.
-- ARGV: revocations, the token's version and second of issue, stop (0 never, else when the token's
--       state is not 0), then limit, window in µs, interval in µs for each quota.
-- Reply: admitted (1 or 0), token state (0 clear, 1 revoked, 2 stale, 3 unknown),
--        then remaining, µs until more, violated (1 or 0) for each quota.
--
-- A quota's value is "arrival count ends": GCRA's theoretical arrival time, and the count and the end
-- of the window that the first request began (docs/adr/0005-quota-window.md). All times are µs of
-- this server's clock; doubles hold them exactly until the year 2255.

-- A server gets a new replication ID whenever it becomes primary. INFO takes 10 µs, so it is asked
-- at most once in 10 ms: far less than two failovers could take.
local ID_LIVES = 10000
local primary_id, read_at = nil, 0

local function current_primary_id(now)
  if not primary_id or now < read_at or now - read_at > ID_LIVES then
    primary_id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
    read_at = now
  end
  return primary_id
end

-- A token from before the floor may be of a state that a restore of Postgres has undone. The generation
-- is that of this primary, or marks may be missing: a replica that was promoted may not have received
-- the last of them (docs/adr/0019-generation-names-the-primary.md).
local function token_state(values, version, issued, now)
  if values[1] or values[2] then return 1 end
  if values[3] and version < (tonumber(values[3]) or math.huge) then return 2 end
  if values[4] and issued < (tonumber(values[4]) or math.huge) then return 2 end
  if values[5] ~= current_primary_id(now) then return 3 end
  return 0
end

local function open_account(value, limit, window, interval, now)
  local account = { arrival = now, count = 0, ends = now + window,
                    limit = limit, interval = interval, horizon = now + interval * limit }
  local arrival, count, ends = string.match(value or '', '^(%d+) (%d+) (%d+)$')
  arrival, ends = tonumber(arrival), tonumber(ends)
  -- Later than a window from now only after the clock was set back, or the window shortened.
  if arrival and math.max(arrival, ends) <= now + window then
    account.arrival = math.max(arrival, now)
    if ends > now then account.count, account.ends = tonumber(count), ends end
  end
  return account
end

local function wait_of(account, now)
  local paced = account.arrival + account.interval - account.horizon
  if account.count >= account.limit then return math.max(paced, account.ends - now) end
  return paced
end

local function reply_of(account, now)
  local room = math.floor((account.horizon - account.arrival) / account.interval)
  local remaining = math.min(room, account.limit - account.count)
  if remaining > 0 then return remaining, account.ends - now end
  return 0, wait_of(account, now)
end

local function check(keys, argv)
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  local revocations, stop = tonumber(argv[1]), tonumber(argv[4])
  if #keys == 0 then return { 1, 0 } end
  local values = redis.call('MGET', unpack(keys))
  local state = 0
  if revocations > 0 then state = token_state(values, tonumber(argv[2]), tonumber(argv[3]), now) end

  local accounts, admitted = {}, true
  for i = revocations + 1, #keys do
    local at = 3 * (i - revocations) + 1
    local account = open_account(values[i], tonumber(argv[at + 1]), tonumber(argv[at + 2]),
                                 tonumber(argv[at + 3]), now)
    account.refused = wait_of(account, now) > 0
    admitted = admitted and not account.refused
    accounts[i] = account
  end

  -- A request that is refused, for whichever reason, spends nothing.
  local stopped = state ~= 0 and stop >= 1
  local reply = { admitted and 1 or 0, state }
  for i = revocations + 1, #keys do
    local account = accounts[i]
    if admitted and not stopped then
      account.arrival, account.count = account.arrival + account.interval, account.count + 1
      local lives = math.ceil((math.max(account.arrival, account.ends) - now) / 1000)
      redis.call('SET', keys[i],
                 string.format('%.0f %.0f %.0f', account.arrival, account.count, account.ends),
                 'PX', string.format('%.0f', lives))
    end
    reply[#reply + 1], reply[#reply + 2] = reply_of(account, now)
    reply[#reply + 1] = account.refused and 1 or 0
  end
  return reply
end

redis.register_function('FUNCTION', check)
