-- list endpoint, round robin over the first NT tenants by Host header
dofile(os.getenv("LOAD").."/common.lua")
local reqs, i = {}, 0; local nt = math.min(tonumber(os.getenv("NT") or "100"), #order)
init = function() for k = 1, nt do local h = order[k]; reqs[k] = wrk.format("GET", "/api/projects/", {["Host"]=h, ["Authorization"]="Bearer "..tokens[h]}) end end
request = function() i = i % nt + 1; return reqs[i] end
