// One slide at a time: arrow keys, space, page keys, Home and End; buttons and swipes on a phone.
"use strict";
(function () {
	const slides = Array.from(document.querySelectorAll(".slide"));
	let now = 0;

	// What is too tall is set smaller, down to a size that can still be read; then it scrolls.
	function fit(slide) {
		const body = slide.querySelector(".body");
		for (let size = 100; size >= 60; size -= 5) {
			body.style.fontSize = size + "%";
			if (slide.scrollHeight <= slide.clientHeight)
				return;
		}
	}

	function show(n) {
		now = Math.max(0, Math.min(slides.length - 1, n));
		slides.forEach((slide, i) => slide.classList.toggle("now", i === now));
		document.getElementById("where").textContent = now + 1 + " / " + slides.length;
		history.replaceState(null, "", "#slide-" + (now + 1));
		fit(slides[now]);
	}

	const keys = {
		ArrowRight: () => show(now + 1), ArrowDown: () => show(now + 1), PageDown: () => show(now + 1),
		" ": () => show(now + 1), ArrowLeft: () => show(now - 1), ArrowUp: () => show(now - 1),
		PageUp: () => show(now - 1), Home: () => show(0), End: () => show(slides.length - 1),
	};
	document.addEventListener("keydown", (event) => {
		if (event.target.closest("summary, button") && event.key === " ")
			return; // opens an answer, presses a button
		if (keys[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) {
			event.preventDefault();
			keys[event.key]();
		}
	});

	let startX = 0, scrolled = null;
	document.addEventListener("touchstart", (event) => {
		startX = event.touches[0].clientX;
		scrolled = event.target.closest("pre, .scroll"); // there a swipe scrolls
	}, { passive: true });
	document.addEventListener("touchend", (event) => {
		const way = event.changedTouches[0].clientX - startX;
		if (!scrolled && Math.abs(way) > 60)
			show(now + (way < 0 ? 1 : -1));
	});
	document.getElementById("before").onclick = () => show(now - 1);
	document.getElementById("after").onclick = () => show(now + 1);
	window.addEventListener("resize", () => fit(slides[now]));

	document.body.classList.add("turning");
	show((parseInt(location.hash.replace("#slide-", ""), 10) || 1) - 1);
})();
