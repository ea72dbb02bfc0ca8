// Checks on the page of a record that it is whole: with record-proof.js, which is fetched when it is needed.
class Unreachable extends Error {}

const section = document.querySelector(".record-check");
const said = section?.dataset;
const result = section?.querySelector(".check-result");
const button = section?.querySelector("[data-check]");
const memory = section?.querySelector(".check-memory");
const MEMORY = "record-check";

const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const made = (tag, words, className = "") => Object.assign(document.createElement(tag), { textContent: words, className });
const line = (words, className) => made("p", words, className);
const rowOnPage = (number) => document.querySelector(`[data-number="${number}"]`);

// Subject → what its last check ended with.
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}

async function read(parameters) {
  const address = `${said.proof}?${new URLSearchParams(parameters)}`;
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected || answer.status === 204) throw new Unreachable();
  return answer.json();
}

async function* rowsOf(head) {
  for (let after = 0; after < head.row_count; after += 500) yield (await read({ size: head.size, after })).rows;
}

function tick(number, mark, words) {
  const cell = rowOnPage(number)?.querySelector(".tick");
  if (!cell) return;
  cell.replaceChildren(mark, made("span", cell.dataset[words]));
  cell.className = `tick ${words}`;
}

// The page was made apart from the proof: what it says of a row has to be what was sealed.
function compare({ need, canonical }, number, event) {
  const row = rowOnPage(number);
  if (!row) return;
  const { kind, at, recipient = "" } = row.dataset;
  const [time, link] = ["time", "a"].map((tag) => row.querySelector(tag));
  const seconds = (moment) => Math.floor(Date.parse(moment) / 1000);
  need(kind === event.type && recipient === (event.recipient ?? "") && (!link || link.pathname.split("/").includes(event.id))
    && seconds(time?.dateTime) === seconds(event[at]), "the page says something else", number);
  const facts = made("dl", "");
  for (const [name, value] of Object.entries(event)) {
    facts.append(made("dt", name), made("dd", typeof value === "string" ? value : canonical(value)));
  }
  const details = made("details", "", "sealed-facts");
  details.append(made("summary", said.facts), facts);
  row.append(details);
}

function show(name, values) {
  const part = section.querySelector(`template[${name}]`).content.cloneNode(true);
  for (const one of part.querySelectorAll("strong, li")) one.textContent = filled(one.textContent, values);
  result.append(part);
}

async function check() {
  button.disabled = true;
  result.replaceChildren();
  for (const old of document.querySelectorAll(".sealed-facts")) old.remove();
  for (const cell of document.querySelectorAll(".sealed .tick")) {
    cell.replaceChildren();
    cell.className = "tick";
  }
  const progress = line("", "soft");
  result.append(progress);
  const known = remembered();
  try {
    const proof = await import(said.script).catch(() => {
      throw new Unreachable();
    });
    if (!(await proof.isSupported())) {
      result.replaceChildren(line(said.unsupported, "alert"));
      return;
    }
    const first = await read({});
    const last = known[first.subject];
    const head = last ? await read({ size: first.size, seen: last.size }) : first;
    const { count, removed, isWitnessed, state } = await proof.checkRecord(head, rowsOf(head), last, (number, event) => {
      if (event) compare(proof, number, event);
      tick(number, event ? "✓ " : "– ", event ? "good" : "gone");
      if (number % 50 === 0) progress.textContent = filled(said.checking, { rows: number, count: head.row_count });
    });
    const [rows, size] = [count - removed, state.size].map((one) => one.toLocaleString());
    const values = { rows, count: count.toLocaleString(), size, removed };
    result.replaceChildren();
    show("data-holds", values);
    result.append(line(isWitnessed ? said.witnessed : said.unwitnessed));
    if (removed) result.append(line(filled(isWitnessed ? said.removed : said.removedUnwitnessed, values)));
    if (last) result.append(line(said.continues));
    else if (Object.keys(known).length) result.append(line(said.anotherRecord, "alert"));
    try {
      localStorage.setItem(MEMORY, JSON.stringify({ ...known, [head.subject]: state }));
    } catch {
      // Storage is off: the next check begins anew.
    }
    showMemory();
  } catch (error) {
    const isBroken = !(error instanceof Unreachable);
    if (isBroken && error.number) tick(error.number, "✗ ", "bad");
    const where = error.number ? filled(said.atRow, { number: error.number }) : "";
    result.replaceChildren(line(isBroken ? `${said.broken} ${where}` : said.unreachable, "alert"));
    if (isBroken) {
      result.append(line(filled(said.reason, { reason: error.message }), "soft"));
      show("data-fails", {});
    }
  } finally {
    button.disabled = false;
  }
}

function showMemory() {
  memory.hidden = !Object.keys(remembered()).length;
}

if (section) {
  section.querySelector(".check-way").hidden = false;
  button.addEventListener("click", check);
  showMemory();
  section.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(MEMORY);
    memory.hidden = true;
    button.focus();
  });
}
