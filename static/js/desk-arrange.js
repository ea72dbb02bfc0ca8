// The outline: a move without loading the page again, dragging by the dots, and the new place said aloud.
const status = document.getElementById("outline-status");

async function send(form, body, focus) {
  const response = await fetch(form.action || location.href, { method: "POST", body });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = answer.getElementById("outline");
  if (!response.ok || !fresh) return location.reload();
  document.getElementById("outline").replaceWith(fresh);
  begin(fresh);
  const told = answer.querySelector(".messagelist li");
  status.textContent = told ? told.textContent.trim() : "";
  show(told);
  // The same button again; at an end, where it is off, the thing itself.
  const button = fresh.querySelector(`button[value="${CSS.escape(focus)}"]:not(:disabled)`);
  const node = fresh.querySelector(`[data-move="${CSS.escape(focus.split(":").slice(0, 2).join(":"))}"]`);
  (button ?? node)?.focus();
}

function show(told) {
  document.querySelector(".messagelist")?.remove();
  if (!told) return;
  const list = document.createElement("ul");
  list.className = "messagelist";
  list.append(document.importNode(told, true));
  document.getElementById("content").before(list);
}

function begin(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, new FormData(form, event.submitter), event.submitter?.value ?? "");
  });
  for (const handle of form.querySelectorAll(".outline-handle")) drag(form, handle);
}

// Dragging. A thing goes among its own kind; what stands in a section may go to another section.
function drag(form, handle) {
  handle.addEventListener("pointerdown", (down) => {
    if (down.button) return;
    down.preventDefault();
    const node = handle.closest("li");
    const home = node.parentElement;
    const before = node.nextElementSibling;
    const lists = [...form.querySelectorAll(`ol[data-kind="${home.dataset.kind}"]`)].filter(
      (list) => !node.contains(list) && (list === home || !["sections", "pages"].includes(home.dataset.kind)),
    );
    // The form holds the pointer: the handle moves with its row, and whatever moves in the page loses it.
    form.setPointerCapture(down.pointerId);
    node.classList.add("is-dragged");
    const over = new AbortController();

    const move = (event) => {
      const list = nearest(lists, event.clientY);
      const next = [...list.children].find((one) => {
        const box = (one.querySelector(".outline-row") ?? one).getBoundingClientRect();
        return one !== node && event.clientY < box.top + box.height / 2;
      });
      if ((next ?? null) !== node.nextElementSibling || list !== node.parentElement) list.insertBefore(node, next ?? null);
    };
    const end = (event) => {
      over.abort();
      node.classList.remove("is-dragged");
      const list = node.parentElement;
      if (event.type !== "pointerup") return home.insertBefore(node, before);
      if (list === home && node.nextElementSibling === before) return;
      const body = new FormData(form);
      body.set("move", `${node.dataset.move}:${[...list.children].indexOf(node)}`);
      if (list !== home) body.set("section", list.dataset.inside);
      send(form, body, node.dataset.move);
    };
    form.addEventListener("pointermove", move, { signal: over.signal });
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
      form.addEventListener(type, end, { signal: over.signal });
    }
  });
}

function nearest(lists, y) {
  const distance = (list) => {
    const { top, bottom } = list.getBoundingClientRect();
    return y < top ? top - y : y > bottom ? y - bottom : 0;
  };
  return lists.reduce((best, list) => (distance(list) < distance(best) ? list : best));
}

const outline = document.getElementById("outline");
if (outline) begin(outline);
