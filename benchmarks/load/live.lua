dofile(os.getenv("LOAD").."/common.lua")
request = function() return wrk.format("GET", "/health/live", {["Host"]=th}) end
