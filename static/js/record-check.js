// Checks in this browser that a record is whole (docs/proof.md). It needs no library, and sends nothing anywhere.
const utf8 = new TextEncoder();
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text = (data) => btoa(String.fromCharCode(...data));
const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((one, at) => one === b[at]);
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const sha = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const leaf = (entry) => sha(joined([0], entry));
const node = (left, right) => sha(joined([1], left, right));

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

const keyed = (key) => crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
const hmac = async (key, data) => new Uint8Array(await crypto.subtle.sign("HMAC", key, data));

// RFC 8785 for texts, lists and objects, which is all that is sealed.
const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical).join(",")}]`
    : typeof value === "string" ? JSON.stringify(value)
      : `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;

// --- Trees (RFC 9162), with numbers beyond 32 bits ---

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

async function included(hash, index, size, path) {
  need(Number.isInteger(index) && 0 <= index && index < size, "place");
  let [at, last, root] = [index, size - 1, hash];
  const up = () => {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  };
  for (const sibling of path) {
    need(last > 0, "path");
    if (at % 2 || at === last) {
      root = await node(sibling, root);
      while (at && at % 2 === 0) up();
    } else root = await node(root, sibling);
    up();
  }
  need(last === 0, "path");
  return root;
}

async function continues(oldSize, oldRoot, size, root, path) {
  if (oldSize === size) return same(oldRoot, root);
  const hashes = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...path] : path;
  if (!hashes.length) return false;
  let [at, last] = [oldSize - 1, size - 1];
  const up = () => {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  };
  while (at % 2) up();
  let [old, now] = [hashes[0], hashes[0]];
  for (const sibling of hashes.slice(1)) {
    if (last === 0) return false;
    if (at % 2 || at === last) {
      [old, now] = [await node(sibling, old), await node(sibling, now)];
      while (at && at % 2 === 0) up();
    } else now = await node(now, sibling);
    up();
  }
  return last === 0 && same(old, oldRoot) && same(now, root);
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
  const data = bytes(line[2]);
  const at = raw[0] === 4 ? Number(new DataView(data.buffer, 4, 8).getBigUint64(0)) : 0;
  const message = raw[0] === 4 ? `cosignature/v1\ntime ${at}\n${note.text}` : note.text;
  const publicKey = await crypto.subtle.importKey("raw", raw.slice(1), { name: "Ed25519" }, false, ["verify"]);
  const holds = await crypto.subtle.verify("Ed25519", publicKey, data.slice(raw[0] === 4 ? 12 : 4), utf8.encode(message));
  need(holds, `signature of ${name}`);
  return at;
}

// Since when the policy's quorum has signed: 0 if it demands nobody, undefined without it.
async function witnessed(policy, note) {
  const since = {};
  for (const words of policy.split("\n").map((line) => line.trim().split(/\s+/))) {
    if (words[0] === "witness") since[words[1]] = await signed(words[2], note);
    if (words[0] === "group") {
      const [, name, least, ...members] = words;
      const times = members.map((one) => since[one]).filter((at) => at !== undefined).sort((a, b) => a - b);
      since[name] = times[(least === "any" ? 1 : least === "all" ? members.length : Number(least)) - 1];
    }
    if (words[0] === "quorum") return words[1] === "none" ? 0 : since[words[1]];
  }
  return undefined;
}

async function checkpointOf(note, key) {
  const found = opened(note);
  need((await signed(key, found)) !== undefined, "checkpoint");
  const [origin, size, root] = found.text.split("\n");
  need(origin === key.split("+")[0], "origin");
  return { origin, size: Number(size), root: bytes(root), note: found };
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
  const mine = hex(label);
  for (const one of neighbours) {
    if (!same(await included(await leaf(bytes(one.label)), one.place, count, one.path.map(bytes)), root)) return false;
  }
  const labels = neighbours.map((one) => hex(bytes(one.label)));
  const places = neighbours.map((one) => one.place);
  if (neighbours.length === 2) return places[0] + 1 === places[1] && labels[0] < mine && mine < labels[1];
  return neighbours.length === 1
    && ((places[0] === 0 && mine < labels[0]) || (places[0] === count - 1 && labels[0] < mine));
}

// --- The record ---

const THREE_YEARS = 3 * 365 * 24 * 60 * 60;

async function checkRecord(head, pages, seen, each) {
  const log = await checkpointOf(head.checkpoint, head.log_key);
  const now = await witnessed(head.policy, log.note);
  need(now !== undefined, "witnesses");
  const key = bytes(head.key);
  const keyHash = await sha(key);
  const labels = await keyed(key);
  const label = async (number) => (await hmac(labels, joined(utf8.encode("label"),
    [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255]))).slice(0, 16);

  const start = log.size ? Math.floor((log.size - 1) / 256) * 256 : 0;
  const tail = head.tail.map(bytes);
  need(tail.length === log.size - start, "tail");
  let root = await rootOf(await Promise.all(tail.map(leaf)));
  for (const peak of head.peaks.map(bytes).reverse()) root = await node(peak, root);
  need(head.peaks.length === [...start.toString(2)].filter((bit) => bit === "1").length && same(root, log.root), "tail");
  const runs = head.runs.map(bytes);
  const covered = Number(new DataView(tail[0].buffer, 33, 8).getBigUint64(0));
  need(tail[0][0] === 2 && covered === start, "head");
  need(tail.every((entry, at) => entry.length === 49 && entry[0] === (at ? 1 : 2)), "tail");
  need(same(await rootOf(await Promise.all(runs.map(leaf))), tail[0].slice(1, 33)), "index");

  let aged = 0;
  if (head.aged) {
    const old = await checkpointOf(head.aged.checkpoint, head.log_key);
    need(await continues(old.size, old.root, log.size, log.root, head.aged.consistency.map(bytes)), "old checkpoint");
    const then = await witnessed(head.policy, old.note);
    need(then !== undefined && (now === 0 || now - then >= THREE_YEARS), "old checkpoint");
    aged = old.size;
  }

  const places = [];
  const taken = new Set();
  let [count, removed] = [0, 0];
  for await (const rows of pages) {
    for (const row of rows) {
      count += 1;
      let commitment;
      if (row.event) {
        need((row.event.number ?? String(count)) === String(count) && row.event.subject === head.subject, "number", count);
        commitment = await hmac(await keyed(bytes(row.salt)), utf8.encode(canonical(row.event)));
      } else {
        need(row.index < aged, "removed too early", count);
        commitment = bytes(row.commitment);
        removed += 1;
      }
      need(!taken.has(row.index), "place", count);
      taken.add(row.index);
      places.push(row.index);
      const entry = joined([1], await label(count), commitment);
      const found = await included(await leaf(entry), row.index, log.size, row.path.map(bytes)).catch(() => []);
      need(same(found, log.root), "not in the log", count);
      each(count, Boolean(row.event));
    }
  }

  need(count === head.row_count, "a row is missing", count + 1);
  const said = ["privacycenter-statement/1", log.origin, text(utf8.encode(head.subject)), text(keyHash), String(count),
    String(log.size), text(log.root)].join("\n");
  const statement = opened(head.statement);
  need(statement.text === `${said}\n` && (await signed(head.log_key, statement)) !== undefined, "statement");

  const labelsInTail = new Map(tail.map((entry, at) => [hex(entry.slice(1, 17)), start + at]));
  for (const number of places.keys()) {
    const at = labelsInTail.get(hex(await label(number + 1)));
    need(at === undefined || at === places[number], "a row twice", number + 1);
  }
  const next = await label(count + 1);
  need(!tail.some((entry) => entry[0] === 1 && same(entry.slice(1, 17), next)), "a further row", count + 1);
  const counts = runCounts(start / 256);
  need(counts.length === runs.length && counts.length === head.absent.length, "index");
  for (const [at, size] of counts.entries()) {
    need(await isAbsent(next, head.absent[at], size, runs[at]), "a further row", count + 1);
  }

  if (seen) {
    need(seen.log === head.log_key, "another log");
    need(seen.key === text(keyHash), "another key");
    need(seen.places === await placesHash(places.slice(0, seen.rows)), "a row at another place");
    need(seen.rows <= count, "rows are missing", count + 1);
    need(seen.size <= log.size
      && (await continues(seen.size, bytes(seen.root), log.size, log.root, head.consistency.map(bytes))), "log");
  }
  const state = { log: head.log_key, size: log.size, root: text(log.root), rows: count, key: text(keyHash) };
  return { count, removed, isWitnessed: now > 0, state: { ...state, places: await placesHash(places) } };
}

async function placesHash(places) {
  const data = new DataView(new ArrayBuffer(places.length * 8));
  for (const [at, place] of places.entries()) data.setBigUint64(at * 8, BigInt(place));
  return text(await sha(new Uint8Array(data.buffer)));
}

// --- The page ---

const section = document.querySelector(".record-check");
const said = section?.dataset;
const result = section?.querySelector(".check-result");
const button = section?.querySelector("[data-check]");
const memory = section?.querySelector(".check-memory");
const MEMORY = "record-check";

const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const line = (words, className) => Object.assign(document.createElement("p"), { textContent: words, className });

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
  const cell = document.querySelector(`[data-number="${number}"] .tick`);
  if (!cell) return;
  const word = Object.assign(document.createElement("span"), { textContent: cell.dataset[words] });
  cell.replaceChildren(mark, word);
  cell.className = `tick ${words}`;
}

function show(name, values) {
  const part = section.querySelector(`template[${name}]`).content.cloneNode(true);
  for (const one of part.querySelectorAll("strong, li")) one.textContent = filled(one.textContent, values);
  result.append(part);
}

async function check() {
  button.disabled = true;
  result.replaceChildren();
  for (const cell of document.querySelectorAll(".sealed .tick")) {
    cell.replaceChildren();
    cell.className = "tick";
  }
  const progress = line("", "soft");
  result.append(progress);
  const known = remembered();
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    result.replaceChildren(line(said.unsupported, "alert"));
    return;
  }
  try {
    const first = await read({});
    const last = known[first.subject];
    const head = last ? await read({ size: first.size, seen: last.size }) : first;
    const found = await checkRecord(head, rowsOf(head), last, (number, isThere) => {
      if (isThere) tick(number, "✓ ", "good");
      else tick(number, "– ", "gone");
      if (number % 50 === 0) progress.textContent = filled(said.checking, { rows: number, count: head.row_count });
    });
    const { count, removed } = found;
    const values = { rows: (count - removed).toLocaleString(), count: count.toLocaleString(),
      size: found.state.size.toLocaleString(), removed };
    result.replaceChildren();
    show("data-holds", values);
    result.append(line(found.isWitnessed ? said.witnessed : said.unwitnessed));
    if (removed) result.append(line(filled(found.isWitnessed ? said.removed : said.removedUnwitnessed, values)));
    if (last) result.append(line(said.continues));
    else if (Object.keys(known).length) result.append(line(said.anotherRecord, "alert"));
    try {
      localStorage.setItem(MEMORY, JSON.stringify({ ...known, [head.subject]: found.state }));
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
