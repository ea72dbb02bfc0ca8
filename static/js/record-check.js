// Checks in this browser that a record is whole (docs/proof.md). It needs no library, and sends nothing anywhere.
const utf8 = new TextEncoder();
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const all = (texts) => texts.map(bytes);
const text = (data) => btoa(String.fromCharCode(...data));
const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
const same = (a, b) => hex(a) === hex(b);
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
// Numbers in so many bytes, the highest first, and back: numbers may have more than 32 bits.
const written = (number, width) => Uint8Array.from({ length: width }, (_, at) => number / 256 ** (width - 1 - at) % 256);
const number = (data) => data.reduce((sum, one) => sum * 256 + one, 0);
const sha = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const leaf = (entry) => sha(joined([0], entry));
const node = (left, right) => sha(joined([1], left, right));
const half = (value) => Math.floor(value / 2);

class Broken extends Error {
  constructor(why, number) {
    super(why);
    this.number = number;
  }
}
class Unreachable extends Error {}

const need = (holds, why, number) => {
  if (!holds) throw new Broken(why, number);
};

const imported = (key, algorithm, use) => crypto.subtle.importKey("raw", key, algorithm, false, [use]);
async function hmac(key, data) {
  const made = await imported(key, { name: "HMAC", hash: "SHA-256" }, "sign");
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, data));
}

// RFC 8785 for texts, lists and objects, which is all that is sealed.
const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical).join(",")}]`
    : typeof value === "string" ? JSON.stringify(value)
      : `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;

// --- Trees (RFC 9162) ---

async function rootOf(hashes) {
  if (!hashes.length) return sha(new Uint8Array());
  let level = hashes;
  while (level.length > 1) {
    const next = [];
    for (let at = 0; at + 1 < level.length; at += 2) next.push(await node(level[at], level[at + 1]));
    if (level.length % 2) next.push(level.at(-1));
    level = next;
  }
  return level[0];
}

// The root above the node `at` of a level that ends with `last`, and that of an older tree which ended with the node.
async function climb(at, last, hash, path, withOld) {
  let [root, old] = [hash, hash];
  for (const sibling of path) {
    need(last > 0, "path");
    if (at % 2 || at === last) {
      root = await node(sibling, root);
      if (withOld) old = await node(sibling, old);
      while (at && at % 2 === 0) [at, last] = [half(at), half(last)];
    } else root = await node(root, sibling);
    [at, last] = [half(at), half(last)];
  }
  need(last === 0, "path");
  return { root, old };
}

async function isIncluded(hash, index, size, path, root) {
  need(Number.isInteger(index) && 0 <= index && index < size, "place");
  return same((await climb(index, size - 1, hash, all(path))).root, root);
}

async function continues(old, log, path) {
  if (old.size === log.size) return same(old.root, log.root);
  const hashes = Number.isInteger(Math.log2(old.size)) ? [old.root, ...all(path)] : all(path);
  if (old.size > log.size || !hashes.length) return false;
  let [at, last] = [old.size - 1, log.size - 1];
  while (at % 2) [at, last] = [half(at), half(last)];
  const found = await climb(at, last, hashes[0], hashes.slice(1), true);
  return same(found.old, old.root) && same(found.root, log.root);
}

// --- Notes ---

function opened(note) {
  const cut = note.lastIndexOf("\n\n");
  const lines = note.slice(cut + 2).trimEnd().split("\n").map((line) => line.match(/^— (\S+) (\S+)$/));
  return { text: note.slice(0, cut + 1), lines: lines.filter(Boolean) };
}

// When this key signed: 0 without a time, undefined if it did not.
async function signed(verifierKey, note) {
  const [, name, id, key] = verifierKey.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/) ?? need(false, "key");
  const raw = bytes(key);
  need(hex((await sha(joined(utf8.encode(`${name}\n`), raw))).slice(0, 4)) === id, "key id");
  const line = note.lines.find(([, who, data]) => who === name && hex(bytes(data).slice(0, 4)) === id);
  if (!line) return undefined;
  const data = bytes(line[2]).slice(4);
  const isTimed = raw[0] === 4;
  const at = isTimed ? number(data.slice(0, 8)) : 0;
  const message = isTimed ? `cosignature/v1\ntime ${at}\n${note.text}` : note.text;
  const publicKey = await imported(raw.slice(1), "Ed25519", "verify");
  const holds = await crypto.subtle.verify("Ed25519", publicKey, data.slice(isTimed ? 8 : 0), utf8.encode(message));
  need(holds, `signature of ${name}`);
  return at;
}

// Since when the policy's quorum has signed: 0 if it demands nobody, undefined without it.
async function witnessed(policy, note) {
  const since = { none: 0 };
  for (const [word, name, value, ...members] of policy.split("\n").map((line) => line.trim().split(/\s+/))) {
    if (word === "witness") since[name] = await signed(value, note);
    if (word === "group") {
      const times = members.map((one) => since[one]).filter((at) => at !== undefined).sort((a, b) => a - b);
      since[name] = times[(value === "any" ? 1 : value === "all" ? members.length : Number(value)) - 1];
    }
    if (word === "quorum") return since[name];
  }
  return undefined;
}

// A checkpoint that the log signed, and since when its witnesses did.
async function checkpointOf(note, head) {
  const found = opened(note);
  need((await signed(head.log_key, found)) !== undefined, "checkpoint");
  const [origin, size, root] = found.text.split("\n");
  need(origin === head.log_key.split("+")[0], "origin");
  const since = await witnessed(head.policy, found);
  need(since !== undefined, "witnesses");
  return { origin, size: Number(size), root: bytes(root), since };
}

// --- The index: which runs there are follows from the size ---

function runCounts(bundles) {
  const counts = [];
  let start = 0;
  while (start < bundles) {
    let level = 0;
    const fits = (one) => start % 16 ** one === 0 && start + 16 ** one + (one > 2 ? 16 ** (one - 1) : 0) <= bundles;
    while (fits(level + 1)) level += 1;
    counts.push(255 * 16 ** level);
    start += 16 ** level;
  }
  return counts;
}

async function isAbsent(label, neighbours, count, root) {
  for (const { label: other, place, path } of neighbours) {
    if (!(await isIncluded(await leaf(bytes(other)), place, count, path, root))) return false;
  }
  const mine = hex(label);
  const [first, second] = neighbours.map((one) => ({ label: hex(bytes(one.label)), place: one.place }));
  if (neighbours.length === 2) return first.place + 1 === second.place && first.label < mine && mine < second.label;
  return neighbours.length === 1
    && ((first.place === 0 && mine < first.label) || (first.place === count - 1 && first.label < mine));
}

// --- The record ---

const THREE_YEARS = 3 * 365 * 24 * 60 * 60;

async function checkRecord(head, pages, seen, each) {
  const log = await checkpointOf(head.checkpoint, head);
  const key = bytes(head.key);
  const keyHash = text(await sha(key));
  const label = async (row) => (await hmac(key, joined(utf8.encode("label"), written(row, 4)))).slice(0, 16);

  const start = Math.max(0, Math.ceil(log.size / 256) - 1) * 256;
  const tail = all(head.tail);
  let root = await rootOf(await Promise.all(tail.map(leaf)));
  for (const peak of all(head.peaks).reverse()) root = await node(peak, root);
  const peaks = [...start.toString(2)].filter((bit) => bit === "1").length;
  need(tail.length === log.size - start && head.peaks.length === peaks && same(root, log.root), "tail");
  need(tail.every((entry, at) => entry.length === 49 && entry[0] === (at ? 1 : 2)), "tail");
  const runs = all(head.runs);
  need(number(tail[0].slice(33, 41)) === start, "head");
  need(same(await rootOf(await Promise.all(runs.map(leaf))), tail[0].slice(1, 33)), "index");

  let aged = 0;
  if (head.aged) {
    const old = await checkpointOf(head.aged.checkpoint, head);
    need(await continues(old, log, head.aged.consistency), "old checkpoint");
    need(log.since === 0 || log.since - old.since >= THREE_YEARS, "old checkpoint");
    aged = old.size;
  }

  const labelsInTail = new Map(tail.map((entry, at) => [hex(entry.slice(1, 17)), start + at]));
  const places = [];
  const taken = new Set();
  let removed = 0;
  for await (const rows of pages) {
    for (const { event, index, path, salt, commitment } of rows) {
      const count = places.push(index);
      const own = await label(count);
      if (event) {
        need((event.number ?? String(count)) === String(count) && event.subject === head.subject, "number", count);
      } else {
        need(index < aged, "removed too early", count);
        removed += 1;
      }
      need(!taken.has(index) && (labelsInTail.get(hex(own)) ?? index) === index, "a row twice", count);
      taken.add(index);
      const bound = event ? await hmac(bytes(salt), utf8.encode(canonical(event))) : bytes(commitment);
      const entry = await leaf(joined([1], own, bound));
      need(await isIncluded(entry, index, log.size, path, log.root).catch(() => false), "not in the log", count);
      each(count, event);
    }
  }
  const count = places.length;
  need(count === head.row_count, "a row is missing", count + 1);

  const said = ["privacycenter-statement/1", log.origin, text(utf8.encode(head.subject)), keyHash, count, log.size,
    text(log.root)].join("\n");
  const statement = opened(head.statement);
  need(statement.text === `${said}\n` && (await signed(head.log_key, statement)) !== undefined, "statement");

  const next = await label(count + 1);
  need(!labelsInTail.has(hex(next)), "a further row", count + 1);
  const counts = runCounts(start / 256);
  need(counts.length === runs.length && counts.length === head.absent.length, "index");
  for (const [at, size] of counts.entries()) {
    need(await isAbsent(next, head.absent[at], size, runs[at]), "a further row", count + 1);
  }

  const placesHash = async (rows) =>
    text(await sha(Uint8Array.from(places.slice(0, rows).flatMap((place) => [...written(place, 8)]))));
  if (seen) {
    need(seen.log === head.log_key, "another log");
    need(seen.key === keyHash, "another key");
    need(seen.places === await placesHash(seen.rows), "a row at another place");
    need(seen.rows <= count, "rows are missing", count + 1);
    need(await continues({ size: seen.size, root: bytes(seen.root) }, log, head.consistency), "log");
  }
  const state = { log: head.log_key, size: log.size, root: text(log.root), rows: count, key: keyHash };
  return { count, removed, isWitnessed: log.since > 0, state: { ...state, places: await placesHash(count) } };
}

// --- The page ---

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
function compare(number, event) {
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
    await imported(new Uint8Array(32), "Ed25519", "verify");
  } catch {
    result.replaceChildren(line(said.unsupported, "alert"));
    return;
  }
  try {
    const first = await read({});
    const last = known[first.subject];
    const head = last ? await read({ size: first.size, seen: last.size }) : first;
    const { count, removed, isWitnessed, state } = await checkRecord(head, rowsOf(head), last, (number, event) => {
      if (event) compare(number, event);
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
