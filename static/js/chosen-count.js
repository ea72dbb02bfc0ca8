// How many items are ticked, beside the answers, in the words of the server: one text for each number.
const told = document.querySelector("[data-counts]");
const ticks = [...document.querySelectorAll("input[name=allowed]")];

function count() {
  told.textContent = told.dataset.counts.split("|")[ticks.filter((tick) => tick.checked).length];
}
for (const tick of ticks) tick.addEventListener("change", count);
// Also what a browser ticks again when it comes back to the page.
addEventListener("pageshow", count);
