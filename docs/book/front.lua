--[[
front: the front page, the list of lessons, the list of the source.
--]]

local pages = require("pages")
local picture = require("picture")
local source = require("source")

local front = {}

-- The sentence below "## Question".
local function question(lesson)
	return (pages.read(lesson.src):match("\n## Question\n+([^\n]+)") or ""):gsub("[`*]", "")
end

local function lesson_list(url)
	local items = {}
	for _, lesson in ipairs(pages.all) do
		if lesson.kind == "lesson" then
			items[#items + 1] = string.format(
				'<li><a href="%s"><b>%s</b></a> %s <small><a href="%s">slides</a></small></li>', pages.link(url, lesson.url),
				pages.escape(lesson.title), pages.escape(question(lesson)), pages.link(url, lesson.slides))
		end
	end
	return '<ul class="list">' .. table.concat(items, "\n") .. "</ul>"
end

local function docs_list(url)
	local items = {}
	for _, page in ipairs(pages.all) do
		if page.kind == "doc" then
			items[#items + 1] = string.format('<li><a href="%s">%s</a> <small>%s</small></li>', pages.link(url, page.url),
				pages.escape(page.title), page.src)
		end
	end
	return '<ul class="list">' .. table.concat(items, "\n") .. "</ul>"
end

-- What `runpod pod ns` said of a real pod (docs/book/runs).
local function pod()
	local runs = os.getenv("BOOK_RUNS")
	local said = runs and pages.read(runs .. "/pod.txt")
	local html = {}
	for _, matrix in ipairs(said and picture.matrices(said) or {}) do
		html[#html + 1] = picture.figure(picture.draw_matrix(matrix),
			"A pod of two containers, as runpod pod ns showed it when this book was built. "
			.. "Blocks that reach over several rows are shared.")
	end
	return table.concat(html)
end

local function source_list(url)
	local html = {}
	for _, room in ipairs(pages.rooms) do
		html[#html + 1] = string.format('<h2 id="%s">%s/</h2>\n<p>%s</p>\n<ul class="list files">', room[1]:gsub("/", "-"),
			room[1], pages.escape(room[2]))
		for _, page in ipairs(room.pages) do
			html[#html + 1] = string.format('<li><a href="%s"><code>%s</code></a> <span>%s</span></li>',
				pages.link(url, page.url), page.src:match("[^/]*$"), pages.escape(source.summary(page)))
		end
		html[#html + 1] = "</ul>"
	end
	return table.concat(html, "\n")
end

function front.write()
	pages.frame({ url = "index.html", title = "runpod: pods from raw system calls", kind = "front" }, [[
<article><h1>runpod</h1>
<p>What a pod really is, from raw system calls: a course that takes it apart and puts it together
again, and the annotated source of a tool that does it. A pod is a handful of processes that share some namespaces.</p>]] .. pod()
		.. table.concat(picture.diagrams("index", "index")) .. "<h2>The course</h2>" .. lesson_list("index.html")
		.. "<h2>Documents</h2>" .. docs_list("index.html")
		.. '<h2>The source</h2><p>Every file of <a href="source.html">the source</a>, comments beside the code. '
		.. 'Start with <a href="pause/pause.c.html"><code>pause/pause.c</code></a>.</p></article>')
	pages.frame({ url = "lessons/index.html", title = "Lessons", kind = "front" },
		"<article><h1>Lessons</h1>" .. lesson_list("lessons/index.html") .. "</article>")
	pages.frame({ url = "source.html", title = "The source", kind = "front" },
		"<article><h1>The source</h1>" .. source_list("source.html") .. "</article>")
end

return front
