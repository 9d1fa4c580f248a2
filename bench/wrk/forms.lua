-- What wrk sends of forms that were made ready beforehand. After `--` in its arguments:
--
--   FORMS
--
-- FORMS is a file of one form a line: method, path, cookies, address of the client and body, with tabs between them. They are sent one
-- after the other, shared out among the threads, so that none is sent twice before the file is through.

local THREADS_MAX = 2

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

function init(arguments)
    forms = {}
    for line in io.lines(arguments[1]) do
        forms[#forms + 1] = line
    end
    sent = 0
end

function request()
    sent = sent + 1
    local form = forms[((sent - 1) * THREADS_MAX + number - 1) % #forms + 1]
    local method, path, cookie, from, body = form:match("^(%u+)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    return wrk.format(method, path, {
        ["Cookie"] = cookie,
        ["X-Forwarded-For"] = from,
        ["Sec-Fetch-Site"] = "same-origin",
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
    }, body ~= "" and body or nil)
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
