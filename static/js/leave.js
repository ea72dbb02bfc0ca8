// Leaving at once: Esc pressed twice does what the button does, and what is shown disappears before the answer comes.
const exit = document.querySelector("form.quick-exit");
let pressedAt = -Infinity;

function hide() {
  document.title = document.querySelector(".brand").textContent;
  document.body.hidden = true;
}

if (exit) {
  exit.addEventListener("submit", hide);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - pressedAt < 600) exit.requestSubmit();
    pressedAt = event.timeStamp;
  });
  // A page that the browser kept to go back to is asked for again: the session is over by then.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
