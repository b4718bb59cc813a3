-- What wrk asks: addresses, heads and their order as `load.py` wrote them into a folder. Arguments: FOLDER, milliseconds between two
-- requests of one connection (0: none).
local asks, heads, order, at = {}, {}, {}, 0

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  local folder, pause = args[1], tonumber(args[2])
  for line in read(folder .. "/addresses"):gmatch("[^\n]+") do asks[#asks + 1] = "GET " .. line .. " HTTP/1.1\r\n" end
  for head in read(folder .. "/heads"):gmatch("[^%z]+") do heads[#heads + 1] = head end
  for number in read(folder .. "/order"):gmatch("%d+") do order[#order + 1] = tonumber(number) + 1 end
  if pause > 0 then
    function delay() return math.random(0, 2 * pause) end
  end
end

function request()
  at = at + 1
  return asks[order[(at - 1) % #order + 1]] .. heads[(at - 1) % #heads + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nMEASURE {"requests": %d, "errors": %d, "seconds": %f, "p50": %f, "p99": %f, "worst": %f}\n',
    summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
