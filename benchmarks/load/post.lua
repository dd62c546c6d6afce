dofile(os.getenv("LOAD").."/common.lua")
th = order[#order]
local h = {["Host"]=th, ["Authorization"]="Bearer "..tokens[th], ["Content-Type"]="application/json"}; local r
init = function() r = wrk.format("POST", "/api/projects/", h, '{"name":"New project","description":"created by the load test","status":"active"}') end
request = function() return r end
