--[[
code: C as HTML, one string a line, in the few colours that help the eye: comments, texts,
keywords, types, numbers and names in capitals, the names of functions. Other languages are
only escaped.
--]]

local pages = require("pages")

local code = {}

local function set(words)
	local s = {}
	for word in words:gmatch("%S+") do
		s[word] = true
	end
	return s
end

local keywords = set([[break case continue default do else for goto if return sizeof switch while static const inline
	extern volatile struct union enum typedef asm _Noreturn _Static_assert]])
local types = set("void char short int long unsigned signed float double bool FILE NULL true false")

local function span(class, s)
	return '<span class="' .. class .. '">' .. pages.escape(s) .. "</span>"
end

local function word_class(word, after)
	if keywords[word] then
		return "kw"
	elseif types[word] or word:match("_t$") then
		return "dt"
	elseif word:match("^[A-Z][A-Z0-9_]+$") then
		return "cn"
	elseif after == "(" then
		return "fn"
	end
end

-- One line; inside says that a comment of an earlier line goes on. Returns HTML and the same.
local function c_line(line, inside)
	local html, at = {}, 1
	local function take(pattern)
		local found = line:match("^" .. pattern, at)
		if found then
			at = at + #found
		end
		return found
	end
	while at <= #line do
		local piece
		if inside or line:sub(at, at + 1) == "/*" then
			piece = take(inside and ".-%*/" or "/%*.-%*/")
			inside = not piece
			piece = span("co", piece or take(".*"))
		elseif line:sub(at, at + 1) == "//" then
			piece = span("co", take(".*"))
		elseif at == 1 and line:match("^%s*#") then
			piece = span("pp", take("%s*#%s*%a*"))
		elseif line:match('^["\']', at) then
			local quote = line:sub(at, at)
			local stop = at
			repeat
				stop = stop + 1
				if line:sub(stop, stop) == "\\" then
					stop = stop + 2
				end
			until stop > #line or line:sub(stop, stop) == quote
			piece = span("st", line:sub(at, stop))
			at = stop + 1
		elseif line:match("^[%a_]", at) then
			local word = take("[%w_]+")
			local class = word_class(word, line:sub(at, at))
			piece = class and span(class, word) or word
		elseif line:match("^%d", at) then
			piece = span("cn", take("%d[%w.]*"))
		else
			piece = pages.escape(take("[^%w_\"'/]+") or take("."))
		end
		html[#html + 1] = piece
	end
	return table.concat(html), inside
end

-- lines: an array of text; language: "c" or anything else. Returns an array of HTML.
function code.lines(lines, language)
	local result, inside = {}, false
	for i, line in ipairs(lines) do
		if language == "c" then
			result[i], inside = c_line(line, inside)
		else
			result[i] = pages.escape(line)
		end
	end
	return result
end

function code.split(content)
	local lines = {}
	for line in (content:gsub("\n$", "") .. "\n"):gmatch("([^\n]*)\n") do
		lines[#lines + 1] = line
	end
	return lines
end

function code.block(content, language)
	return "<pre><code>" .. table.concat(code.lines(code.split(content), language), "\n") .. "</code></pre>"
end

-- A session: what is typed stands out from what comes back.
function code.console(content)
	local html = {}
	for i, line in ipairs(code.split(content)) do
		local escaped = pages.escape(line)
		html[i] = line:match("^[$>] ") and ("<b>" .. escaped .. "</b>") or escaped
	end
	return '<pre class="console"><code>' .. table.concat(html, "\n") .. "</code></pre>"
end

return code
