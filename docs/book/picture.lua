--[[
picture: SVG from text. Two kinds:

- the matrix of processes and namespaces that nsview (lesson 00) and `runpod pod ns` print: who is in
  the same namespace is joined in one block of one colour;
- diagrams of boxes and arrows, from docs/book/diagrams/*.txt:

	page: lessons/05-net-container/README.md     the text that it belongs to,
	after: Mechanism                             and the heading that it follows
	caption: one sentence
	box ID COLUMN ROW WIDTH HEIGHT STYLE: words | second line
	arrow FROM TO: words
	words COLUMN ROW: words

  in characters and lines. STYLE is plain, shared, process, or frame (words on top, things inside).

The colours are classes, so that book.css has them for light and dark.
--]]

local pages = require("pages")

local picture = {}

local function svg(width, height, title, body)
	return string.format('<svg viewBox="-1 -1 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="%s">%s</svg>',
		width, height, width, height, pages.escape(title), table.concat(body, "\n"))
end

function picture.figure(drawing, caption)
	return '<figure><div class="scroll" tabindex="0">' .. drawing .. "</div><figcaption>" .. pages.escape(caption)
		.. "</figcaption></figure>"
end

-- ---- matrices ------------------------------------------------------------------------------

local kinds = { user = true, cgroup = true, ipc = true, net = true, uts = true, pid = true, mnt = true }

local function words_of(line)
	local words = {}
	for word in line:gmatch("%S+") do
		words[#words + 1] = word
	end
	return words
end

-- The kinds that a heading ends (or goes on) with, and how many words stand before them.
local function heading(line)
	local words, columns, before = words_of(line), {}, 0
	for i, word in ipairs(words) do
		if kinds[word] then
			columns[#columns + 1] = word
		elseif #columns == 0 then
			before = i
		end
	end
	return #columns == 7 and not line:match("^[$>]") and { kinds = columns, label = before, rows = {} } or nil
end

-- All matrices in what a session shows.
function picture.matrices(content)
	local list, now = {}, nil
	for line in (content .. "\n"):gmatch("([^\n]*)\n") do
		local words = words_of(line)
		local new = heading(line)
		if new then
			now = new
			list[#list + 1] = now
		elseif now and #words == #now.kinds + now.label and words[#words]:match("^[=?%d-]") then
			local row = { label = table.concat(words, " ", 1, now.label) }
			for i = 1, #now.kinds do
				local number = words[now.label + i]:match("%d+")
				row[i] = number and number:sub(-5) or "?"
			end
			table.insert(now.rows, row)
		else
			now = nil
		end
	end
	local full = {}
	for _, matrix in ipairs(list) do
		if #matrix.rows > 0 then
			full[#full + 1] = matrix
		end
	end
	return full
end

local cell_width, cell_height, label_width = 76, 34, 150

-- Each number of a column is a colour: the first one the plainest.
local function colours(matrix, column)
	local of, n = {}, 0
	for _, row in ipairs(matrix.rows) do
		if row[column] ~= "?" and not of[row[column]] then
			of[row[column]] = n % 5
			n = n + 1
		end
	end
	return of
end

function picture.draw_matrix(matrix)
	local body = {}
	local function put(format, ...)
		body[#body + 1] = string.format(format, ...)
	end
	for i, row in ipairs(matrix.rows) do
		put('<text x="%d" y="%d" class="row">%s</text>', label_width - 10, i * cell_height + 23, pages.escape(row.label))
	end
	for column, kind in ipairs(matrix.kinds) do
		local x = label_width + (column - 1) * cell_width
		local of = colours(matrix, column)
		put('<text x="%d" y="24" class="kind">%s</text>', x + cell_width // 2, kind)
		local i = 1
		while i <= #matrix.rows do -- a block for each run of equal numbers
			local number, last = matrix.rows[i][column], i
			while number ~= "?" and last < #matrix.rows and matrix.rows[last + 1][column] == number do
				last = last + 1
			end
			put('<rect x="%d" y="%d" width="%d" height="%d" rx="6" class="ns%s"/>', x + 4, i * cell_height + 3, cell_width - 8,
				(last - i + 1) * cell_height - 6, of[number] or "-unknown")
			for j = i, last do
				put('<text x="%d" y="%d" class="cell">%s</text>', x + cell_width // 2, j * cell_height + 23, number)
			end
			i = last + 1
		end
	end
	return svg(label_width + #matrix.kinds * cell_width, (#matrix.rows + 1) * cell_height + 4,
		"processes and their namespaces; equal numbers in a column are the same namespace", body)
end

-- ---- diagrams ------------------------------------------------------------------------------

local across, down = 9, 22 -- a character, a line

local function draw_box(box, put)
	local x, y, w, h = box.x * across, box.y * down, box.w * across, box.h * down
	put('<rect x="%d" y="%d" width="%d" height="%d" rx="8" class="box-%s"/>', x, y, w, h, box.style)
	local lines = {}
	for line in (box.words .. "|"):gmatch("%s*(.-)%s*|") do
		lines[#lines + 1] = line
	end
	local top = box.style == "frame" and y + 17 or y + h / 2 - (#lines - 1) * 9 + 5
	for i, line in ipairs(lines) do
		put('<text x="%d" y="%d" class="%s">%s</text>', x + w / 2, math.floor(top + (i - 1) * 18), i == 1 and "name" or "note",
			pages.escape(line))
	end
end

local function middle(box)
	return (box.x + box.w / 2) * across, (box.y + box.h / 2) * down
end

-- From the side of one box to the facing side of the other.
local function draw_arrow(from, to, words, put)
	local x1, y1 = middle(from)
	local x2, y2 = middle(to)
	if from.x + from.w <= to.x then
		x1, x2 = (from.x + from.w) * across, to.x * across
	elseif to.x + to.w <= from.x then
		x1, x2 = from.x * across, (to.x + to.w) * across
	else -- one above the other: straight down (or up) through what both have
		x1 = (math.max(from.x, to.x) + math.min(from.x + from.w, to.x + to.w)) / 2 * across
		x2 = x1
		if from.y < to.y then
			y1, y2 = (from.y + from.h) * down, to.y * down
		else
			y1, y2 = from.y * down, (to.y + to.h) * down
		end
	end
	put('<line x1="%d" y1="%d" x2="%d" y2="%d" class="arrow"/>', x1, y1, x2, y2)
	local angle = math.deg(math.atan(y2 - y1, x2 - x1))
	put('<path d="M0 0L-9 -5V5Z" transform="translate(%d %d) rotate(%d)" class="tip"/>', x2, y2, math.floor(angle))
	local upright = x1 == x2
	put('<text x="%d" y="%d" class="%s">%s</text>', (x1 + x2) / 2 + (upright and 8 or 0), (y1 + y2) / 2 - (upright and -5 or 6),
		upright and "aside" or "note", pages.escape(words))
end

local function parse(content, path)
	local diagram = { boxes = {}, body = {}, width = 0, height = 0 }
	local function put(format, ...)
		table.insert(diagram.body, string.format((format:gsub("%%d", "%%.0f")), ...))
	end
	for line in content:gmatch("[^\n]+") do
		local head, words = line:match("^([^:]-):%s*(.*)$")
		local verb = {}
		for word in (head or ""):gmatch("%S+") do
			verb[#verb + 1] = word
		end
		if verb[1] == "page" or verb[1] == "after" or verb[1] == "caption" then
			diagram[verb[1]] = words
		elseif verb[1] == "box" and #verb == 7 then
			local box = { x = tonumber(verb[3]), y = tonumber(verb[4]), w = tonumber(verb[5]), h = tonumber(verb[6]),
				style = verb[7], words = words }
			diagram.boxes[verb[2]] = box
			diagram.width = math.max(diagram.width, box.x + box.w)
			diagram.height = math.max(diagram.height, box.y + box.h)
			draw_box(box, put)
		elseif verb[1] == "arrow" and diagram.boxes[verb[2]] and diagram.boxes[verb[3]] then
			draw_arrow(diagram.boxes[verb[2]], diagram.boxes[verb[3]], words, put)
		elseif verb[1] == "words" and #verb == 3 then
			put('<text x="%d" y="%d" class="aside">%s</text>', tonumber(verb[2]) * across, tonumber(verb[3]) * down + 16,
				pages.escape(words))
		else
			error("book: " .. path .. ": what is this? " .. line, 0)
		end
	end
	return diagram
end

local all_diagrams

local function read_diagrams()
	local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
	local pipe = io.popen("ls " .. here .. "/diagrams/*.txt")
	all_diagrams = {}
	for path in pipe:lines() do
		all_diagrams[#all_diagrams + 1] = parse(pages.read(path), path)
	end
	pipe:close()
end

-- The figures for the place after this heading of this page.
function picture.diagrams(src, after)
	local list = {}
	if not all_diagrams then
		read_diagrams()
	end
	for _, diagram in ipairs(all_diagrams) do
		if diagram.page == src and diagram.after == after then
			list[#list + 1] = picture.figure(
				svg(diagram.width * across + 2, diagram.height * down + 2, diagram.caption, diagram.body), diagram.caption)
		end
	end
	return list
end

return picture
