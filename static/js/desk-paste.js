// What is pasted into a text in Markdown from Word, Excel or a page becomes Markdown. With Shift it is pasted plainly.

let isPlainWanted = false;
addEventListener("keydown", (event) => (isPlainWanted = event.shiftKey), true);
addEventListener("keyup", () => (isPlainWanted = false), true);

document.addEventListener("focusin", ({ target: area }) => {
  // There before it says something, or it would not be read aloud.
  if (area.matches("textarea[data-markdown]")) statusOf(area);
});

document.addEventListener("paste", (event) => {
  const area = event.target;
  const clipboard = event.clipboardData;
  if (event.defaultPrevented || !clipboard || !area.matches?.("textarea[data-markdown]")) return;
  statusOf(area).textContent = "";
  // From an editor of source, the source is wanted.
  if (isPlainWanted || clipboard.types.includes("vscode-editor-data")) return;
  const html = clipboard.getData("text/html");
  const { text, isPlain, leftOut } = html ? markdownFrom(html) : {};
  if (!text || (isPlain && !leftOut.size)) return;
  event.preventDefault();
  insert(area, text);
  tell(area, leftOut);
});

function insert(area, text) {
  area.focus();
  // The old command is the one that the browser can undo.
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste", data: text }));
}

function statusOf(area) {
  const there = area.parentElement.querySelector(":scope > .paste-status");
  if (there) return there;
  const made = Object.assign(document.createElement("p"), { className: "paste-status" });
  made.setAttribute("role", "status");
  area.after(made);
  return made;
}

function tell(area, leftOut) {
  const { dataset: words } = document.getElementById("paste-words");
  const what = [...leftOut].map((name) => words[name]).filter(Boolean);
  statusOf(area).textContent = [words.pasted, ...what].join(" ");
}
