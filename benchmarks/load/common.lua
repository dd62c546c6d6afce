-- TOKENS: a file of "host token id id …" lines (tokens.py). The host under load is the first one.
tokens, ids, order = {}, {}, {}
for line in io.lines(os.getenv("TOKENS")) do
  local host, token, rest = line:match("^(%S+) (%S+) ?(.*)$")
  tokens[host], ids[host], order[#order + 1] = token, {}, host
  for id in rest:gmatch("%S+") do table.insert(ids[host], id) end
end
th = order[1]
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %.1f %.2f %.2f %d %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests, e.status,
    e.connect + e.read + e.write + e.timeout))
end
