// What is typed in a form of the desk is kept as a draft every few seconds, and nobody leaves it with something unkept
// by mistake. While the page is seen, it says that the form is open, and shows who else has it open.

const PAUSE = 2000; // after the last change
const LONGEST = 10000; // while somebody writes on and on
const SIGN_EVERY = 45000;

// --- What the form holds ---------------------------------------------------------------------------------------------

const OWN = ["csrfmiddlewaretoken", "draft", "draft_version", "seen", "seen_revision"];

function heldBy(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (name.includes("__prefix__") || value instanceof File) data.delete(name);
  }
  // The admin's lists to choose from are two: what is chosen stands in the second one, and is marked at sending only.
  for (const list of form.querySelectorAll("select.filtered[id$='_to']")) {
    data.delete(list.name);
    for (const option of list.options) data.append(list.name, option.value);
  }
  return data;
}

function textOf(form) {
  const fields = [...heldBy(form)].filter(([name]) => !OWN.includes(name) && !name.endsWith("_old"));
  return JSON.stringify(fields);
}

// --- One form --------------------------------------------------------------------------------------------------------

function beginDraft() {
  const status = document.getElementById("draft-status");
  const number = document.querySelector("input[name=draft]");
  if (!status || !number) return;
  const form = number.form;
  const version = form.querySelector("input[name=draft_version]");
  const aloud = document.getElementById("draft-told");
  let kept = null; // the text that is kept, or that the page was opened with
  let timer = 0;
  let since = 0; // when the oldest change was made that is not kept
  let busy = null; // the call that is under way
  let sending = null; // the text that it brings
  let isSent = false;

  const isChanged = () => kept !== null && textOf(form) !== kept;

  function tell(words, isAloud) {
    status.hidden = !words;
    status.textContent = words;
    if (isAloud) aloud.textContent = words;
  }

  function changed() {
    if (kept === null || isSent) return;
    if (!since) since = Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  }

  // A page that is left may still send a little, 64 kilobytes, on its way out.
  async function keep({ isLeaving = false, isLast = false } = {}) {
    clearTimeout(timer);
    if (isSent || !isChanged()) return;
    const now = textOf(form);
    // A page that is closed is hidden first: what is on its way already is not sent once more.
    if (busy && isLast && sending === now) return;
    if (busy && !isLast) return void (timer = setTimeout(keep, PAUSE));
    sending = now;
    const body = heldBy(form);
    body.set("_draft", "on");
    since = 0;
    const call = { method: "POST", body, redirect: "manual", keepalive: isLeaving, headers: { Accept: "application/json" } };
    busy = fetch(location.href, call).catch(() => null);
    const response = await busy;
    busy = null;
    if (isSent) return;
    if (response?.ok) {
      const said = await response.json();
      // The first time is told aloud; after that the line alone changes.
      tell(said.said, version.value === "0");
      number.value = said.number;
      version.value = said.version;
      kept = now;
      if (isChanged()) changed();
    } else await notKept(response);
  }

  async function notKept(response) {
    if (response?.status === 409) {
      // Saved in another window. What is typed here goes on as a draft of its own.
      anew();
      return changed();
    }
    if (response?.status === 403 && (await freshToken())) return changed();
    const said = response?.headers.get("Content-Type")?.includes("json") ? (await response.json()).said : "";
    tell(said || (response?.type === "opaqueredirect" ? status.dataset.ended : status.dataset.failed), true);
    timer = setTimeout(keep, 15000);
  }

  function anew() {
    number.value = crypto.randomUUID();
    version.value = "0";
  }

  // After a new log-in in another window the page's token is an old one, with which it could not be saved either.
  async function freshToken() {
    const page = await fetch(location.pathname).catch(() => null);
    if (!page?.ok || page.redirected) return false;
    const answer = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = answer.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (!token) return false;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    return true;
  }

  // --- Who else is here ---

  async function sign(isLeft = false) {
    if (!status.dataset.signs) return;
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "draft", "seen_revision"]) {
      body.set(name, form.querySelector(`input[name=${name}]`)?.value ?? "");
    }
    if (isLeft) body.set("left", "on");
    const call = { method: "POST", body, redirect: "manual", keepalive: isLeft };
    const response = await fetch(status.dataset.signs, call).catch(() => null);
    if (isLeft || !response?.ok) return;
    const list = document.getElementById("open-notices");
    const { notices } = await response.json();
    // Left alone while it says the same, so that nothing is read aloud again.
    if (notices.join() === [...list.children].map((one) => one.textContent).join()) return;
    list.replaceChildren(
      ...notices.map((notice) => Object.assign(document.createElement("p"), { textContent: notice })),
    );
  }

  // --- Listening ---

  // The admin fills its own lists after this script; what it put there, nobody typed.
  setTimeout(() => {
    kept = textOf(form);
    form.dataset.drafts = "on";
    if (!document.hidden) sign();
  }, 300);
  for (const type of ["input", "change", "formset:added", "formset:removed"]) form.addEventListener(type, changed);
  // The lists to choose from change without an event.
  form.addEventListener("click", () => setTimeout(() => isChanged() && changed(), 50));
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep({ isLeaving: true });
    else sign();
  });
  addEventListener("pagehide", () => {
    keep({ isLeaving: true, isLast: true });
    sign(true);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // Shown again as it was, perhaps after it was saved.
    isSent = false;
    anew();
    sign();
  });
  addEventListener("beforeunload", (event) => {
    if (!isSent && isChanged()) event.preventDefault();
  });
  setInterval(() => document.hidden || sign(), SIGN_EVERY);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", beginDraft);
else beginDraft();
