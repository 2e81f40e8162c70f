--[[
cites: the anchors of the source (comments "DOC: name") and the citations of them in the text
(file:name), linked both ways: a citation leads to the place, and the place names who cites it.

Text is read before any page is written, since a source page needs to know its citations.
--]]

local pages = require("pages")

local cites = {
	anchors = {}, -- "file:name" -> true
	by = {}, -- "file:name" or "file" -> list of pages that cite it, each once
	missing = {}, -- what to say at the end
}

local pattern = "([%w_./-]+%.[%a]+):([a-z][a-z0-9-]*[a-z0-9])"

-- What a piece of text cites: the page and the name, or the page alone, or nothing.
function cites.parse(words)
	local path, name = words:match("^" .. pattern .. "$")
	local page = pages.find(path or words)
	if path and page then
		return page, name
	elseif not path then
		return page
	end
end

local function note(key, page)
	local list = cites.by[key] or {}
	cites.by[key] = list
	if list[#list] ~= page then
		list[#list + 1] = page
	end
end

function cites.collect()
	for _, page in ipairs(pages.all) do
		local content = pages.read(page.src)
		if page.kind == "source" then
			for name in content:gmatch("DOC: ([a-z0-9-]+)") do
				cites.anchors[page.src .. ":" .. name] = true
			end
		else
			for words in content:gmatch("`([^`\n]+)`") do
				local to, name = cites.parse(words)
				if to and to.kind == "source" then
					note(name and (to.src .. ":" .. name) or to.src, page)
				end
			end
		end
	end
end

-- The id of the place in a citing page, to which the source links back.
function cites.id(to, name)
	return "cite-" .. (name or to.src:gsub("[^%w]", "-"))
end

-- A citation as HTML. seen (a table of the citing page) lets only the first one carry the id; shown is
-- what stands there, if not the words themselves.
function cites.html(words, url, seen, shown)
	local to, name = cites.parse(words)
	if not to then
		return nil
	end
	if name and not cites.anchors[to.src .. ":" .. name] then
		cites.missing[#cites.missing + 1] = url .. " cites " .. words .. ", and there is no such anchor"
		return nil
	end
	local id = ""
	if seen and to.kind == "source" and not seen[cites.id(to, name)] then
		seen[cites.id(to, name)] = true
		id = ' id="' .. cites.id(to, name) .. '"'
	end
	return string.format('<a class="cite"%s href="%s%s"><code>%s</code></a>', id, pages.link(url, to.url),
		name and ("#" .. name) or "", pages.escape(shown or words))
end

-- Who cites this place, as links.
function cites.back(page, name)
	local links = {}
	for _, from in ipairs(cites.by[name and (page.src .. ":" .. name) or page.src] or {}) do
		links[#links + 1] = string.format('<a href="%s#%s">%s</a>', pages.link(page.url, from.url), cites.id(page, name),
			pages.escape(from.short))
	end
	return #links > 0 and "cited in " .. table.concat(links, ", ") or nil
end

function cites.complain()
	if #cites.missing > 0 then
		error("\nbook: " .. table.concat(cites.missing, "\nbook: ") .. "\n", 0)
	end
end

return cites
