--[[
source: a source file as a page, comments beside the code that they are about.

A comment that stands on lines of its own begins a new pair: the comment on one side, all code up to
the next such comment on the other. Comments behind code stay there. A DOC anchor makes a place that
can be linked to, in the margin, with links to those who cite it.
--]]

local pages = require("pages")
local cites = require("cites")
local code = require("code")

local source = {}

-- ---- comments as prose ---------------------------------------------------------------------

-- Within a line: `code`, calls of the manual such as setns(2), paths of the tree, lesson numbers.
local function inline(words, url)
	local html = pages.escape(words)
	html = html:gsub("`([^`]+)`", "<code>%1</code>")
	html = html:gsub("([%w_.]+%(%d%w*%))", '<span class="man">%1</span>')
	html = html:gsub("(%s)%*(%a+)%*", "%1<em>%2</em>")
	html = html:gsub("[%w_-]+[%w_/.-]*%.[chS][:a-z0-9-]*", function(path)
		local clean, rest = path:match("^(.-)(:?)$")
		local link = cites.html(clean:match("/") and clean or url:match("^.*/") .. clean, url, nil, clean)
		return link and link .. rest
	end)
	return pages.link_lessons(html, url)
end

local function anchor(page, name)
	local back = cites.back(page, name)
	return string.format('<p class="anchor" id="%s"><a href="#%s">§ %s</a>%s</p>', name, name, name,
		back and " " .. back or "")
end

-- Paragraphs, lists ("- "), and what is indented as it stands.
local function prose(lines, page)
	local html, words, kind = {}, {}, nil
	local function flush()
		if #words > 0 then
			local joined = table.concat(words, "\n")
			if kind == "pre" then
				html[#html + 1] = "<pre>" .. pages.escape(joined) .. "</pre>"
			else
				html[#html + 1] = "<" .. kind .. ">" .. inline(joined, page.url) .. "</" .. kind .. ">"
			end
		end
		words, kind = {}, nil
	end
	local function put(which, line)
		if kind ~= which then
			flush()
		end
		kind = which
		words[#words + 1] = line
	end
	for _, line in ipairs(lines) do
		local name, rest = line:match("^%s*DOC: ([a-z0-9-]+)%s*(.*)$")
		if name then
			flush()
			html[#html + 1] = anchor(page, name)
			line = rest:gsub("^[-–]%s*", "")
		end
		if line:match("^%s*$") then
			flush()
		elseif line:match("^%s*- ") and kind ~= "pre" then
			flush()
			put("li", (line:gsub("^%s*- ", "")))
		elseif kind == "li" and line:match("^%s") then
			put("li", (line:gsub("^%s+", "")))
		elseif line:match("^\t") or line:match("^   ") then
			put("pre", (line:gsub("^\t", "")))
		else
			put("p", line)
		end
	end
	flush()
	-- items in a row are a list
	return (table.concat(html, "\n"):gsub("%f[<]<li>.*</li>", function(items)
		return "<ul>" .. items .. "</ul>"
	end))
end

-- ---- a file as pairs -----------------------------------------------------------------------

-- The text of a comment line without what makes it a comment.
local function strip_c(line)
	line = line:gsub("^%s*/%*%**%s?", ""):gsub("%s*%*/%s*$", "")
	return (line:gsub("^%s*%*%f[^*] ?", ""):gsub("^%s*%*$", ""))
end

local function strip_hash(line)
	return (line:gsub("^%s*#+ ?", ""))
end

-- pairs_of(lines, hash): an array of { comment = lines, code = lines, first = number of its first line }.
local function pairs_of(lines, hash)
	local list, now = {}, nil
	local function begin()
		now = { comment = {}, code = {} }
		list[#list + 1] = now
	end
	local function has_code()
		for _, line in ipairs(now.code) do
			if line:match("%S") then
				return true
			end
		end
	end
	begin()
	local inside, trailing = false, false -- in a comment of its own lines; in one behind code
	for number, line in ipairs(lines) do
		local opens
		if hash then
			opens = line:match("^%s*#") and not line:match("^#!") and not line:match("^%s*#%w")
		else
			opens = not trailing and line:match("^%s*/%*") and not line:match("%*/%s*%S")
		end
		if inside or opens then
			if not inside and has_code() then
				begin()
			elseif not inside and #now.comment > 0 then
				now.comment[#now.comment + 1] = ""
			end
			if hash and #now.comment > 0 and now.comment[#now.comment] == "" and now.last == number - 1 then
				table.remove(now.comment)
			end
			now.comment[#now.comment + 1] = hash and strip_hash(line) or strip_c(line)
			now.last = number
			now.code, now.first = {}, nil
			inside = not hash and not line:match("%*/%s*$")
		else
			if line:match("DOC: [a-z]") then -- an anchor behind code
				if has_code() then
					begin()
				end
				now.comment[#now.comment + 1] = "DOC: " .. line:match("DOC: ([a-z0-9-]+)")
			end
			if not hash then
				local open = line:match(".*()/%*")
				local close = line:match(".*()%*/")
				if open or close then
					trailing = (open or 0) > (close or 0)
				end
			end
			if #now.code > 0 or line:match("%S") then
				now.first = now.first or number
				now.code[#now.code + 1] = line
			end
		end
	end
	return list
end

local function code_html(pair, language, url)
	while #pair.code > 0 and not pair.code[#pair.code]:match("%S") do
		table.remove(pair.code)
	end
	if #pair.code == 0 then
		return ""
	end
	local html = code.lines(pair.code, language)
	for i, line in ipairs(html) do
		local number = pair.first + i - 1
		line = line:gsub("&quot;([%w_/.-]+%.h)&quot;", function(path)
			local to = pages.find(path) or pages.find(pages.resolve(url:match("^(.*)/"), path))
			return to and string.format('&quot;<a href="%s">%s</a>&quot;', pages.link(url, to.url), path)
		end)
		html[i] = string.format('<span class="l" id="L%d" data-n="%d"></span>%s', number, number, line)
	end
	return '<pre tabindex="0"><code>' .. table.concat(html, "\n") .. "</code></pre>"
end

function source.write(page)
	local hash = not page.src:match("%.[chS]$")
	local body = { "<h1>" .. pages.escape(page.lesson and page.title or page.src) .. "</h1>" }
	local back = cites.back(page)
	if back then
		body[#body + 1] = '<p class="anchor">This file is ' .. back .. "</p>"
	end
	body[#body + 1] = '<div class="annotated">'
	for _, pair in ipairs(pairs_of(code.split(pages.read(page.src)), hash)) do
		local src = code_html(pair, hash and "sh" or "c", page.url)
		local words = prose(pair.comment, page)
		if src ~= "" or words ~= "" then
			body[#body + 1] = '<section><div class="prose">' .. words .. '</div><div class="src">' .. src .. "</div></section>"
		end
	end
	body[#body + 1] = "</div>"
	pages.frame(page, table.concat(body, "\n"))
end

-- The first sentence of the head comment, for lists.
function source.summary(page)
	local first = pairs_of(code.split(pages.read(page.src)), not page.src:match("%.[chS]$"))[1]
	local words = table.concat(first.comment, "\n"):gsub("^%s+", "")
	words = (words:match("^(.-)\n%s*\n") or words):gsub("^[%w_./]+: ", ""):gsub("[\n ]+", " "):gsub("`", "")
	return words:match("^(.-[^.]%.)%s") or words
end

return source
