// A page that says how far something is looks again every three seconds until it is over. Without it there is a link.
const PAUSE = 3000;

async function lookAgain() {
  const shown = document.querySelector("[data-progress]");
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  const text = answer?.ok && !answer.redirected ? await answer.text() : "";
  const found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-progress]");
  if (found?.dataset.progress === "over") return shown.replaceChildren(...found.childNodes);
  // Only what changes is replaced, so that whoever reads or stands on the link is left in peace.
  for (const part of ["label", "progress"]) {
    const now = found?.querySelector(part);
    if (now) shown.querySelector(part)?.replaceWith(now);
  }
  setTimeout(lookAgain, PAUSE);
}

setTimeout(lookAgain, PAUSE);
