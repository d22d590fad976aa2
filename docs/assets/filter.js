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
