--[[
pages: which files become pages, where each page lies, and the frame around it.

The page of FILE lies at FILE.html (a folder's README.md at its index.html), so addresses in the
book are the paths that text and source cite. All links are relative: the book works wherever its
directory lies, without a server.
--]]

local pages = {
	all = {}, -- in reading order
	by_src = {}, -- path in the tree -> page
	out = os.getenv("BOOK_OUT") or "build/book",
	count = 0,
	-- the rooms of the source, from the ground up
	rooms = {
		{ "pause", "No C library; includes nothing of runpod's. Read it first." },
		{ "runpod/base", "Floor 0: errors, text, files, numbers." },
		{ "runpod/kern", "Floor 1: what the kernel does, one mechanism a file." },
		{ "runpod/spec", "Floor 1: what was asked for, as data." },
		{ "runpod/store", "Floor 2: what lies on disk." },
		{ "runpod/pod", "Floor 3: the pod: plan, run, undo; the supervisor." },
		{ "runpod/cli", "Floor 4: one family of verbs a file." },
		{ "runpod/unpack", "A sandboxed program of its own that unpacks archives." },
		{ "runpod", "Where it begins." },
	},
}

-- ---- small helpers, used by all ------------------------------------------------------------

function pages.read(path)
	local file = io.open(path, "r")
	if not file then
		return nil
	end
	local content = file:read("a")
	file:close()
	return content
end

local made = {} -- directories

function pages.save(url, content)
	local path = pages.out .. "/" .. url
	local dir = path:match("^(.*)/")
	if not made[dir] then
		os.execute("mkdir -p '" .. dir .. "'")
		made[dir] = true
	end
	local file = assert(io.open(path, "w"))
	file:write(content)
	file:close()
	pages.count = pages.count + 1
end

function pages.copy(from, url)
	pages.save(url, assert(pages.read(from)))
	pages.count = pages.count - 1 -- no page
end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

function pages.escape(s)
	return (s:gsub('[&<>"]', entities))
end

-- The way from one page to another.
function pages.link(from, to)
	return (from:gsub("[^/]*/", "../"):gsub("[^/]*$", "")) .. to
end

-- A path as it is written somewhere ("../docs/x.md", seen from dir) as a path in the tree.
function pages.resolve(dir, path)
	local parts = {}
	for part in (dir .. "/" .. path):gmatch("[^/]+") do
		if part == ".." then
			table.remove(parts)
		elseif part ~= "." then
			parts[#parts + 1] = part
		end
	end
	return table.concat(parts, "/")
end

-- ---- which pages there are -----------------------------------------------------------------

local function list(command)
	local files = {}
	local pipe = assert(io.popen(command))
	for line in pipe:lines() do
		files[#files + 1] = line
	end
	pipe:close()
	return files
end

local function add(page)
	page.dir = page.src:match("^(.*)/") or "."
	pages.all[#pages.all + 1] = page
	pages.by_src[page.src] = page
	return page
end

local function heading(src)
	return (pages.read(src) or ""):match("^#+ ([^\n]+)") or src
end

-- Pages of one kind are a chain, to be read one after the other.
local function chain(kind)
	local before
	for _, page in ipairs(pages.all) do
		if page[kind] then
			page.prev = before
			if before then
				before.next = page
			end
			before = page
		end
	end
end

local lesson_files = {
	{ "quiz.md", "Quiz" },
	{ "lab.c", "Lab" },
	{ "solution.c", "Solution" },
	{ "test.bats", "Test" },
	{ "teach.md", "Teaching" },
}

local function add_lesson(dir)
	local number, name = dir:match("(%d%d)%-(.*)$")
	local lesson = add({ src = dir .. "/README.md", url = dir .. "/index.html", kind = "lesson", text = true,
		number = number, name = name, title = heading(dir .. "/README.md"), short = "Lesson " .. number })
	lesson.parts = { { lesson, "Lesson" } }
	for _, file in ipairs(lesson_files) do
		local src = dir .. "/" .. file[1]
		if pages.read(src) then
			local page = add({ src = src, url = src .. ".html", kind = src:match("%.md$") and "part" or "source",
				title = file[2] .. ": " .. lesson.title, short = file[2] .. " " .. number,
				[file[1]] = true, lesson = lesson })
			lesson.parts[#lesson.parts + 1] = { page, file[2] }
		end
	end
	lesson.lesson = lesson
	lesson.slides = dir .. "/slides.html"
	pages.lessons[number] = lesson
end

function pages.collect()
	pages.lessons = {}
	add({ src = "README.md", url = "README.md.html", kind = "doc", text = true, title = heading("README.md"), short = "README" })
	for _, dir in ipairs(list("ls -d lessons/[0-9][0-9]-*")) do
		if pages.read(dir .. "/README.md") then
			add_lesson(dir)
		end
	end
	for _, src in ipairs(list("ls lessons/*.md docs/SOURCE-TOUR.md docs/*.md 2>/dev/null")) do
		if not pages.by_src[src] then
			add({ src = src, url = src .. ".html", kind = "doc", text = true, title = heading(src),
				short = src:match("([^/]*)%.md$") })
		end
	end
	for _, room in ipairs(pages.rooms) do
		room.pages = {}
		for _, src in ipairs(list("ls " .. room[1] .. "/*.[chS] " .. room[1] .. "/*.mk 2>/dev/null | sort")) do
			local page = add({ src = src, url = src .. ".html", kind = "source", source = true, title = src, short = src })
			table.insert(room.pages, page)
		end
	end
	for _, src in ipairs({ "lessons/lesson.h", "lessons/lib.bash" }) do
		if pages.read(src) then
			add({ src = src, url = src .. ".html", kind = "source", title = src, short = src })
		end
	end
	chain("text")
	chain("source")
	for _, file in ipairs(lesson_files) do
		chain(file[1])
	end
end

-- The page that a path means: a file, a folder with a README, or, as the documents say it, a file
-- named from runpod/ on ("pod/plan.h").
function pages.find(path)
	path = path:gsub("/$", "")
	return pages.by_src[path] or pages.by_src[path .. "/README.md"] or pages.by_src["runpod/" .. path]
end

-- "lesson 05", "lessons 09 to 11": every number in the text after that word becomes a link. The
-- text is HTML already.
function pages.link_lessons(html, url)
	local function numbers(word, rest)
		return word .. rest:gsub("%d%d", function(number)
			local lesson = pages.lessons[number]
			return lesson and ('<a href="' .. pages.link(url, lesson.url) .. '">' .. number .. "</a>") or number
		end)
	end
	html = html:gsub("([Ll]essons?%s+)(%d%d[%d, and\n to]*)", numbers)
	return html
end

-- ---- the frame -----------------------------------------------------------------------------

local function turn(page, which, word)
	local to = page[which]
	if not to then
		return ""
	end
	return string.format('<a rel="%s" href="%s"><small>%s</small> %s</a>', which, pages.link(page.url, to.url), word,
		pages.escape(to.title))
end

local function parts(page)
	if not page.lesson then
		return ""
	end
	local links = {}
	for _, part in ipairs(page.lesson.parts) do
		local current = part[1] == page and ' aria-current="page"' or ""
		links[#links + 1] = string.format('<a href="%s"%s>%s</a>', pages.link(page.url, part[1].url), current, part[2])
	end
	links[#links + 1] = string.format('<a href="%s">Slides</a>', pages.link(page.url, page.lesson.slides))
	return '<nav class="parts" aria-label="this lesson">' .. table.concat(links, " ") .. "</nav>\n"
end

function pages.head(page, css)
	return '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
		.. '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
		.. '<meta name="color-scheme" content="light dark">\n<title>' .. pages.escape(page.title) .. "</title>\n"
		.. (css or ('<link rel="stylesheet" href="' .. pages.link(page.url, "book.css") .. '">\n'))
		.. "</head>\n"
end

function pages.frame(page, body)
	local bar = {}
	for _, item in ipairs({ { "index.html", "runpod" }, { "lessons/index.html", "Lessons" },
		{ "lessons/TERMS.md.html", "Terms", "lessons/TERMS.md" },
		{ "docs/SOURCE-TOUR.md.html", "Tour", "docs/SOURCE-TOUR.md" }, { "source.html", "Source" } }) do
		if not item[3] or pages.by_src[item[3]] then
			bar[#bar + 1] = string.format('<a href="%s">%s</a>', pages.link(page.url, item[1]), item[2])
		end
	end
	pages.save(page.url, pages.head(page)
		.. '<body class="' .. page.kind .. '">\n<header><nav aria-label="the book">' .. table.concat(bar, " ") .. "</nav>\n"
		.. parts(page) .. "</header>\n<main>\n" .. body .. "\n</main>\n<footer><nav class=\"turn\" aria-label=\"before and after\">"
		.. turn(page, "prev", "Previous") .. turn(page, "next", "Next") .. "</nav></footer>\n</body>\n</html>\n")
end

return pages
