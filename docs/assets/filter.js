// Rows of a long table are shown where they hold every word typed above it.
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.classList.contains("filter")) return;
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of box.closest(".filtered").querySelectorAll("tbody tr")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
});

// What scrolls is a stop of the tab key only while there is something to scroll.
const overflowing = new ResizeObserver((seen) => {
  for (const { target: box } of seen) {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
addEventListener("load", () => {
  for (const box of document.querySelectorAll(".scroll, .equation, .md-typeset__scrollwrap, pre")) overflowing.observe(box);
}); // the theme sets tables in boxes before

document.querySelector(".md-search")?.setAttribute("aria-label", document.querySelector(".md-search__input").placeholder);

// The theme asks for a map of the site beside the page in the other language; there is one, at the root.
for (const link of document.querySelectorAll("link[rel=alternate]")) link.remove();
