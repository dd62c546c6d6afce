dofile(os.getenv("LOAD").."/common.lua")
local h = {["Host"]=th, ["Authorization"]="Bearer "..tokens[th]}; local r
init = function() r = wrk.format("GET", "/api/projects/", h) end
request = function() return r end
