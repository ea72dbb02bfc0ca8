// Leaving at once: Esc pressed twice does what the button does, and what is shown disappears before the answer comes.
const exit = document.querySelector("form.quick-exit");
let pressedAt = -Infinity;

function hide() {
  document.title = document.querySelector(".brand").textContent;
  document.body.hidden = true;
}

// Esc ends the conversion of kana, closes a list of proposals or a menu, and undoes what is typed: that Esc is not ours.
function isForSomethingElse(event) {
  return event.isComposing || event.keyCode === 229 || event.defaultPrevented
    || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey
    || event.target.isContentEditable || event.target.matches?.("input, textarea, select");
}

if (exit) {
  exit.addEventListener("submit", hide);
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Escape" || isForSomethingElse(event)) {
      pressedAt = -Infinity;
      return;
    }
    if (event.timeStamp - pressedAt < 600) exit.requestSubmit();
    pressedAt = event.timeStamp;
  });
  // A page that the browser kept to go back to is asked for again: the session is over by then.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
