// Reading comfort on long pages: where the reader is, fold-outs, sharing. Without it the page says the same.

// --- Marks, in the table of contents, the link to the section that is being read. ---
const links = new Map(
  [...document.querySelectorAll(".toc a[href^='#']")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
);
const visible = new Set();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? visible.add(target.id) : visible.delete(target.id);
    // The innermost section comes last in the document; between two sections the last mark stays.
    const current = [...links.keys()].findLast((id) => visible.has(id));
    if (!current) return;
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "-15% 0% -75% 0%" },
);
for (const id of links.keys()) {
  const section = document.getElementById(id);
  if (section) observer.observe(section);
}

// --- Fold-outs: opened by an address that leads into them, before printing, and all at once. ---
const folds = [...document.querySelectorAll("main details:is(.fold, .entry)")];

// A page of situations in another order has its situations, but not all its texts: those stand where the first way leads.
const usualWay = document.querySelector(".switch a:not([aria-current])");

function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (location.hash && !target && usualWay && !usualWay.search) location.replace(usualWay.href + location.hash);
  for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();

// Of rows with one name a browser keeps one open, beside which the others would have no room: unfolded, they have none.
const names = new Map(folds.map((fold) => [fold, fold.getAttribute("name")]));
function unfold(isUnfolded) {
  for (const [fold, name] of names) isUnfolded || !name ? fold.removeAttribute("name") : fold.setAttribute("name", name);
  for (const index of document.querySelectorAll(".index")) index.classList.toggle("is-unfolded", isUnfolded);
}

let closed = [];
addEventListener("beforeprint", () => {
  closed = folds.filter((fold) => !fold.open);
  if (closed.length) unfold(true);
  for (const fold of closed) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
  if (closed.length) unfold(false);
});

function button(text, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link-button";
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

const tools = document.querySelector(".reading-tools");
if (tools && folds.length > 1) {
  const toggle = button(tools.dataset.open, () => {
    const opens = folds.some((fold) => !fold.open);
    unfold(opens);
    for (const fold of folds) fold.open = opens;
  });
  const name = () => (toggle.textContent = folds.some((fold) => !fold.open) ? tools.dataset.open : tools.dataset.close);
  for (const fold of folds) fold.addEventListener("toggle", name);
  name();
  tools.prepend(toggle);
}

// --- Sharing: the device's own way, or the clipboard; the link does without either. ---
const share = tools && tools.querySelector(".share");
if (share && (navigator.share || navigator.clipboard)) {
  const status = tools.querySelector("[role=status]");
  share.replaceWith(
    button(share.textContent, async () => {
      try {
        if (navigator.share) await navigator.share({ title: document.title, url: share.href });
        else {
          await navigator.clipboard.writeText(share.href);
          status.textContent = tools.dataset.copied;
        }
      } catch {
        // The reader closed the dialog, or the browser does not allow it.
        status.textContent = share.href;
      }
    }),
  );
}
