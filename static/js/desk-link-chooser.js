// Below each text in Markdown: a button that opens a dialog to search what the text can link to or show, and puts it
// where the cursor is. Without this script the same list is a page of the desk, with the Markdown to copy.

const dialog = document.createElement("dialog");
dialog.className = "link-dialog";
dialog.setAttribute("aria-labelledby", "link-dialog-title");
let area = null; // the text that the dialog was opened for

async function fetched(address) {
  const response = await fetch(address).catch(() => null);
  // A log-in that has ended leads elsewhere: the page of the list then asks for it.
  if (!response?.ok || response.redirected) return null;
  const made = document.createElement("template");
  // Made by the server, of texts that it escaped.
  made.innerHTML = await response.text();
  return made.content;
}

async function open(button) {
  area = document.getElementById(button.dataset.for);
  const inside = await fetched(`${area.dataset.linkChooser}?in=dialog&language=${encodeURIComponent(area.lang)}`);
  if (!inside) return window.open(area.dataset.linkChooser, "_blank", "noopener");
  dialog.replaceChildren(inside);
  dialog.showModal();
}

let asked = 0;

async function search(address) {
  const mine = ++asked;
  const results = (await fetched(address))?.querySelector("[data-results]");
  // Only the newest answer counts.
  if (results && mine === asked) dialog.querySelector("[data-results]")?.replaceWith(results);
}

function searchForm() {
  const form = dialog.querySelector("form");
  search(`${form.action}?in=dialog&${new URLSearchParams(new FormData(form))}`);
}

function insert({ before, words, after }) {
  const selected = area.value.slice(area.selectionStart, area.selectionEnd);
  dialog.close();
  area.focus();
  // Typed, so that it can be undone.
  const typed = document.execCommand("insertText", false, before + (selected || words) + after);
  if (!typed) area.setRangeText(before + (selected || words) + after, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

let timer = 0;
dialog.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(searchForm, 250);
});
dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  searchForm();
});
dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-after]");
  const link = event.target.closest("nav a");
  if (button) insert(button.dataset);
  else if (event.target.closest("[data-close]")) dialog.close();
  else if (link) {
    event.preventDefault();
    search(new URL(link.getAttribute("href"), dialog.querySelector("form").action));
  }
});
dialog.addEventListener("close", () => area?.focus());

function addButton(text) {
  if (text.name.includes("__prefix__") || text.parentElement.querySelector(`[data-for="${text.id}"]`)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button link-button";
  button.dataset.for = text.id;
  button.textContent = text.dataset.linkLabel;
  button.addEventListener("click", () => open(button));
  text.after(button);
}

function addButtons(inside) {
  for (const text of inside.querySelectorAll("textarea[data-link-chooser]")) addButton(text);
}

function begin() {
  // Outside of the form: its own search form must not stand in another.
  document.body.append(dialog);
  addButtons(document);
  document.addEventListener("formset:added", (event) => addButtons(event.target));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
