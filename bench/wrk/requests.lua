-- What wrk sends. After `--` in its arguments:
--
--   METHOD PATHS [BODY [RUN]]
--
-- PATHS is a file of one path a line. GET: in random order, made ready beforehand. Everything else: one after the other,
-- shared out among the threads, so that no path comes twice before the file is through. BODY is a file; in it ${id} stands
-- for what is behind the last slash of the path, ${new} for a word that no other request has; RUN is part of that word.
-- Without BODY, a path may have a tab and a body of its own behind it.

local THREADS_MAX = 2

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local function lines(name)
    local all = {}
    for line in io.lines(name) do
        all[#all + 1] = line
    end
    return all
end

local function whole(name)
    local file = assert(io.open(name))
    local text = file:read("*a")
    file:close()
    return text
end

function init(arguments)
    method = arguments[1]
    paths = lines(arguments[2])
    count = #paths
    body = arguments[3] and whole(arguments[3])
    run = arguments[4]
    sent = 0
    math.randomseed(number * 7919 + os.time())
    if method == "GET" then
        for i = 1, count do
            paths[i] = wrk.format("GET", paths[i])
        end
    elseif body or paths[1]:find("\t", 1, true) then
        wrk.headers["Content-Type"] = "application/json"
    end
end

function request()
    if method == "GET" then
        return paths[math.random(count)]
    end
    sent = sent + 1
    local path = paths[((sent - 1) * THREADS_MAX + number - 1) % count + 1]
    local own = path:find("\t", 1, true)
    if own then
        return wrk.format(method, path:sub(1, own - 1), nil, path:sub(own + 1))
    end
    local text = body and body:gsub("%${(%w+)}", {
        id = path:match("[^/]*$"),
        new = run .. "-" .. number .. "-" .. sent
    })
    return wrk.format(method, path, nil, text)
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
