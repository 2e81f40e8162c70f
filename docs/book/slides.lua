--[[
slides: a lesson as slides, from the same text: each section begins a slide, and what is too long
for one goes on with the next. One file that needs no other; the arrow keys turn.
--]]

local pages = require("pages")
local markdown = require("markdown")

local slides = {}

local room = 17 -- lines on a slide, roughly; slides.js shrinks what is a little longer
local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."

local function count(s, pattern)
	return select(2, s:gsub(pattern, ""))
end

-- How many lines a block takes.
local function height(block)
	if block.t == "RawBlock" then
		local html = block.text
		if html:match("^<figure") then
			local sum = 1
			for pixels in html:gmatch('<svg [^>]*height="(%d+)"') do
				sum = sum + pixels / 26
			end
			return sum
		elseif html:match("^<pre") then
			return 1 + count(html, "\n") * 0.8
		end
		return 0
	elseif block.t == "Header" then
		return 2
	elseif block.t == "Table" then
		return #block.bodies[1].body * 1.4 + 1.5
	end
	return math.ceil(#pandoc.utils.stringify(block) / 75) + 0.6
end

-- A long program or session in pieces, cut where a line is empty or a command begins.
local function pieces(block)
	local before, inner, after = block.text:match("^(<pre.-<code>)(.*)(</code></pre>)$")
	if not inner or height(block) <= room + 4 then
		return { block }
	end
	local list, lines = {}, {}
	local function flush()
		local piece = table.concat(lines, "\n"):gsub("^\n+", "")
		if piece:match("%S") then
			list[#list + 1] = pandoc.RawBlock("html", before .. piece .. after)
		end
		lines = {}
	end
	for line in (inner .. "\n"):gmatch("([^\n]*)\n") do
		local seam = line == "" or line:match("^<b>%$")
		if #lines > room - 2 and seam or #lines > room + 4 then
			flush()
		end
		lines[#lines + 1] = line
	end
	flush()
	return list
end

-- An array of { title, blocks }.
local function deal(blocks)
	local list, now, used = {}, nil, 0
	local function begin(title)
		now = { title = title, blocks = {} }
		list[#list + 1] = now
		used = 0
	end
	begin("")
	local folded = 0 -- inside <details>, which is not torn apart
	for _, whole in ipairs(blocks) do
		if whole.t == "Header" and whole.level <= 2 then
			begin(pandoc.utils.stringify(whole))
		else
			for _, block in ipairs(whole.t == "RawBlock" and pieces(whole) or { whole }) do
				if used > 0 and used + height(block) > room and folded == 0 then
					begin(now.title)
				end
				table.insert(now.blocks, block)
				used = used + height(block)
				if block.t == "RawBlock" then
					folded = folded + count(block.text, "<details") - count(block.text, "</details")
				end
			end
		end
	end
	return list
end

function slides.write(lesson)
	local html, n = {}, 0
	for _, src in ipairs({ lesson.src, lesson.dir .. "/quiz.md" }) do
		local page = pages.by_src[src]
		for _, slide in ipairs(page and deal(markdown.blocks(page)) or {}) do
			local title = slide.title == lesson.title and "h1" or "h2"
			if slide.title ~= "" or #slide.blocks > 0 then
				n = n + 1
				html[#html + 1] = string.format('<section class="slide%s" id="slide-%d"><%s>%s</%s>\n<div class="body">%s</div></section>',
					title == "h1" and " title" or "", n, title, pages.escape(slide.title), title, markdown.html(slide.blocks))
			end
		end
	end
	local page = { url = lesson.slides, title = "Slides: " .. lesson.title }
	pages.save(lesson.slides, pages.head(page, "<style>\n" .. pages.read(here .. "/book.css") .. pages.read(here .. "/slides.css")
		.. "</style>\n") .. '<body class="slides">\n' .. table.concat(html, "\n")
		.. '\n<nav class="turn"><a href="index.html" aria-label="the lesson">×</a>'
		.. '<button id="before" aria-label="previous slide">‹</button><span id="where"></span>'
		.. '<button id="after" aria-label="next slide">›</button></nav>\n<script>\n' .. pages.read(here .. "/slides.js")
		.. "</script>\n</body>\n</html>\n")
end

return slides
