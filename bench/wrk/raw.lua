-- Sends prepared requests, one after the other. After `--` in the arguments: a file in which each of them is preceded by a line
-- with its length in bytes.

local requests = {}
local sent = 0

function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))
    for length in file:lines() do
        requests[#requests + 1] = file:read(tonumber(length))
    end
    file:close()
end

function request()
    sent = sent + 1
    return requests[(sent - 1) % #requests + 1]
end
