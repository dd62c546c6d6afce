dofile(os.getenv("LOAD").."/common.lua")
local h = {["Host"]=th, ["Authorization"]="Bearer "..tokens[th]}; local i = 0
request = function() i = i % #ids[th] + 1; return wrk.format("GET", "/api/projects/"..ids[th][i].."/", h) end
