--[[
book: makes the HTML book of the course and the source. It runs inside pandoc, which has a Lua
interpreter and a reader for Markdown (see "Lua filters" in pandoc's manual), so nothing else
is needed:

	pandoc --lua-filter docs/book/book.lua </dev/null

at the top of the tree, with BOOK_OUT (where the book goes) and BOOK_RUNS (what docs/book/runs
wrote). Lua says `local x <const>` and arrays begin at 1; the rest reads like C.

	pages.lua     which pages there are, their addresses, the frame around each
	cites.lua     anchors, and who cites them
	markdown.lua   a Markdown file as a page
	source.lua    a source file as a page: comments beside the code
	code.lua      colours for C
	picture.lua   namespace matrices and box diagrams as SVG
	slides.lua    a lesson as slides
	front.lua     the front page and the lists
--]]

local here = PANDOC_SCRIPT_FILE:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path

local pages = require("pages")
local cites = require("cites")
local markdown = require("markdown")
local source = require("source")
local slides = require("slides")
local front = require("front")

local function main()
	pages.collect() -- every file that becomes a page
	cites.collect() -- every DOC anchor, every citation of one
	for _, page in ipairs(pages.all) do
		if page.kind == "source" then
			source.write(page)
		else
			markdown.write(page)
		end
		if page.kind == "lesson" then
			slides.write(page)
		end
	end
	front.write()
	pages.copy(here .. "/book.css", "book.css")
	cites.complain() -- what was cited and is not there ends the build
end

function Pandoc()
	main()
	return pandoc.Pandoc({ pandoc.Plain({ pandoc.Str("book: " .. pages.count .. " pages in " .. pages.out) }) })
end
