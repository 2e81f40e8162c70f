--[[
markdown: a Markdown file as a page. Links between files become links between pages, citations of the
source become links to the place, lesson numbers become links; sessions and programs get their
colours; after a session that shows namespaces comes the picture of them.
--]]

local pages = require("pages")
local cites = require("cites")
local code = require("code")
local picture = require("picture")

local markdown = {}

local function raw(html)
	return pandoc.RawBlock("html", html)
end

local function raw_inline(html)
	return pandoc.RawInline("html", html)
end

-- ---- the text with this machine's numbers --------------------------------------------------

local function blocks_of(content)
	local list = {}
	for block in content:gmatch("\n```console\n(.-)\n?```") do
		list[#list + 1] = block
	end
	return list
end

-- What differs from run to run does not count.
local function masked(block)
	return (block:gsub("0x%x+", "0x#"):gsub("%d+", "#"):gsub("[ \t]+", " "):gsub(" ?\n", "\n"):gsub(" $", ""))
end

-- A lesson's text with the output of the run that docs/book/runs made, and true. Where the run
-- shows something else than the text, the text counts: `make check-lessons` says what is wrong.
local function with_run(page, content)
	local runs = os.getenv("BOOK_RUNS")
	local run = runs and page.number and pages.read(runs .. "/" .. page.src:match("([^/]+)/README.md$") .. ".md")
	if not run then
		return content, false
	end
	local shown, came = blocks_of(content), blocks_of(run)
	for i, block in ipairs(shown) do
		if block:match("%f[^\n\0]%.%.%.%f[\n\0]") then -- lines are left out in the text
			came[i] = block
		elseif not came[i] or masked(block) ~= masked(came[i]) then
			io.stderr:write("book: " .. page.src .. ": block " .. i
				.. " shows something else than this machine does; its pictures are drawn from the text\n")
			return content, false
		end
	end
	local n = 0
	return content:gsub("(\n```console\n)(.-)(\n?```)", function(before, _, after)
		n = n + 1
		return before .. came[n] .. after
	end), true
end

-- ---- the parts of a page -------------------------------------------------------------------

local function filter(page, real)
	local seen = {}

	local function target(link)
		local path, fragment = link:match("^([^#]*)(#?.*)$")
		if path == "" or path:match("^%a+:") then
			return link
		end
		local whole = pages.resolve(page.dir, path)
		if whole == "lessons" then
			return pages.link(page.url, "lessons/index.html")
		end
		local to = pages.find(whole)
		if not to then
			cites.missing[#cites.missing + 1] = page.src .. " links to " .. path .. ", which is no page of the book"
			return link
		end
		return pages.link(page.url, to.url) .. fragment
	end

	-- "lessons 09 to 11" is several words here: once the word was seen, numbers are links until
	-- something else comes.
	local function lesson_words(inlines)
		local after = page.src:match("TERMS.md$") ~= nil
		for i, inline in ipairs(inlines) do
			if inline.t == "Str" then
				local number, rest = inline.text:match("^(%d%d)(%p*)$")
				if after and number and pages.lessons[number] then
					inlines[i] = raw_inline('<a href="' .. pages.link(page.url, pages.lessons[number].url) .. '">' .. number
						.. "</a>" .. pages.escape(rest))
				elseif not page.src:match("TERMS.md$") then
					after = inline.text:match("^%p*[Ll]essons?$") or after and (inline.text == "and" or inline.text == "to")
				end
			elseif inline.t ~= "Space" and inline.t ~= "SoftBreak" then
				after = page.src:match("TERMS.md$") ~= nil
			end
		end
		return inlines
	end

	return {
		Inlines = lesson_words,
		Link = function(link)
			link.target = target(link.target)
			return link
		end,
		Code = function(inline)
			local html = cites.html(inline.text, page.url, seen)
			return html and raw_inline(html)
		end,
		CodeBlock = function(block)
			local language = block.classes[1]
			if language ~= "console" then
				return raw(code.block(block.text, language))
			end
			local drawings = {}
			for i, matrix in ipairs(picture.matrices(block.text)) do
				drawings[i] = picture.draw_matrix(matrix)
			end
			return { raw(code.console(block.text)), #drawings > 0 and raw(picture.figure(table.concat(drawings), real
				and "Drawn from this run, made when the book was built: one colour, one namespace."
				or "Drawn from the numbers above: one colour, one namespace.")) or nil }
		end,
		Table = function(rows)
			return { raw('<div class="scroll" tabindex="0">'), rows, raw("</div>") }
		end,
	}
end

-- The diagrams that belong to this page, each after the heading that it names.
local function with_diagrams(page, blocks)
	local result = pandoc.List()
	for _, block in ipairs(blocks) do
		result:insert(block)
		if block.t == "Header" then
			for _, diagram in ipairs(picture.diagrams(page.src, pandoc.utils.stringify(block))) do
				result:insert(raw(diagram))
			end
		end
	end
	return result
end

-- The blocks of a Markdown file, ready to be written as HTML. (slides.lua wants them too.)
function markdown.blocks(page)
	if page.blocks then
		return page.blocks
	end
	local content, real = with_run(page, "\n" .. pages.read(page.src))
	local doc = pandoc.read(content, "gfm")
	doc.blocks = with_diagrams(page, doc.blocks)
	page.blocks = doc:walk(filter(page, real)).blocks
	return page.blocks
end

function markdown.html(blocks)
	return pandoc.write(pandoc.Pandoc(blocks), "html5")
end

local function contents(blocks)
	local links = {}
	for _, block in ipairs(blocks) do
		if block.t == "Header" and block.level == 2 then
			links[#links + 1] = string.format('<a href="#%s">%s</a>', block.identifier,
				pages.escape(pandoc.utils.stringify(block)))
		end
	end
	return #links > 2 and '<nav class="contents" aria-label="on this page">' .. table.concat(links, " ") .. "</nav>" or ""
end

function markdown.write(page)
	local blocks = markdown.blocks(page)
	local html = markdown.html(blocks)
	-- the list of sections stands below the title
	local title, rest = html:match("^(<h1.-</h1>)(.*)$")
	pages.frame(page, '<article>' .. (title or "") .. contents(blocks) .. (rest or html) .. "</article>")
end

return markdown
