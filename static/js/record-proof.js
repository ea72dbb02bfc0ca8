// Checks a record's proof (docs/proof.md). It needs neither library nor page, and sends nothing anywhere.
const utf8 = new TextEncoder();
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const all = (texts) => texts.map(bytes);
const text = (data) => btoa(String.fromCharCode(...data));
const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
const same = (a, b) => hex(a) === hex(b);
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
// Numbers of more than 32 bits in so many bytes, the highest first, and back.
const written = (number, width) => Uint8Array.from({ length: width }, (_, at) => number / 256 ** (width - 1 - at) % 256);
const number = (data) => data.reduce((sum, one) => sum * 256 + one, 0);
const sha = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const leaf = (entry) => sha(joined([0], entry));
const node = (left, right) => sha(joined([1], left, right));
const half = (value) => Math.floor(value / 2);

export const need = (holds, why, number) => {
  if (!holds) throw Object.assign(new Error(why), { number });
};

const imported = (key, algorithm, use) => crypto.subtle.importKey("raw", key, algorithm, false, [use]);

export async function isSupported() {
  try {
    return !!(await imported(new Uint8Array(32), "Ed25519", "verify"));
  } catch {
    return false;
  }
}

async function hmac(key, data) {
  const made = await imported(key, { name: "HMAC", hash: "SHA-256" }, "sign");
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, data));
}

// RFC 8785 for texts, lists and objects, which is all that is sealed.
export const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical).join(",")}]`
    : typeof value === "string" ? JSON.stringify(value)
      : `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;

// --- Trees (RFC 9162) ---

async function rootOf(hashes) {
  if (hashes.length < 2) return hashes[0] ?? sha(new Uint8Array());
  const middle = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1);
  return node(await rootOf(hashes.slice(0, middle)), await rootOf(hashes.slice(middle)));
}

// The root above the node `at` of a level that ends with `last`; and, if `old` is that node, that of a tree it ended.
async function climb(at, last, root, path, old) {
  for (const sibling of path) {
    need(last > 0, "path");
    if (at % 2 || at === last) {
      root = await node(sibling, root);
      if (old) old = await node(sibling, old);
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
  const found = await climb(at, last, hashes[0], hashes.slice(1), hashes[0]);
  return same(found.old, old.root) && same(found.root, log.root);
}

// --- Notes ---

function opened(note) {
  const cut = note.lastIndexOf("\n\n");
  return { text: note.slice(0, cut + 1), lines: [...note.slice(cut + 2).matchAll(/^— (\S+) (\S+)$/gm)] };
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
      since[name] = times[({ any: 1, all: members.length }[value] ?? Number(value)) - 1];
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
  const labels = neighbours.map((one) => hex(bytes(one.label)));
  const [first, second] = neighbours.map((one) => one.place);
  if (labels.length === 2) return first + 1 === second && labels[0] < mine && mine < labels[1];
  return labels.length === 1 && (mine < labels[0] ? first === 0 : labels[0] < mine && first === count - 1);
}

// --- What recipients signed with keys of their own ---

const ABOUT = { disclosure: "disclosure", recall: "case" };
const house = (origin) => origin.slice(0, origin.lastIndexOf("/"));
const stated = ({ recipient, service, items, reference, at }) => canonical([recipient, service, items, reference, at]);

// What rows say of each thing that can be countersigned, to compare what was signed with it at the end.
function noteFacts(event, told) {
  const { recipient, service, items, occurred_at, asked_at } = event;
  if (event.type === "disclosure") {
    told.set(`disclosure ${event.id}`, stated({ recipient, service, items, reference: event.evidence.reference ?? "", at: occurred_at }));
  }
  if (event.type === "recall") {
    for (const one of event.targets) told.set(`recall ${one.case}`, stated({ ...one, reference: "", at: asked_at }));
  }
}

async function countersigned(event, origin) {
  const facts = JSON.parse(event.statement);
  const isOfRow = canonical(facts) === event.statement && facts.format === "privacycenter-countersignature/1"
    && facts.said === event.said && facts.recipient === event.recipient && house(facts.origin) === house(origin)
    && Object.entries(ABOUT).every(([about, column]) => event[column] === (facts.about === about ? facts.id : ""));
  const key = await imported(bytes(event.key), "Ed25519", "verify");
  const holds = isOfRow && (await crypto.subtle.verify("Ed25519", key, bytes(event.signature), utf8.encode(event.statement)));
  return holds && { thing: `${facts.about} ${facts.id}`, stated: stated(facts) };
}

// --- The record ---

const THREE_YEARS = 3 * 365 * 86400;

// `pages`: the rows, some at a time; `seen`: what an earlier check ended with; `each`: called with the number and the
// event of each row that holds; there is none if it was removed.
export async function checkRecord(head, pages, seen, each) {
  const log = await checkpointOf(head.checkpoint, head);
  const key = bytes(head.key);
  const keyHash = text(await sha(key));
  const label = async (row) => (await hmac(key, joined(utf8.encode("label"), written(row, 4)))).slice(0, 16);

  const start = Math.max(0, Math.ceil(log.size / 256) - 1) * 256;
  const tail = all(head.tail);
  let root = await rootOf(await Promise.all(tail.map(leaf)));
  for (const peak of all(head.peaks).reverse()) root = await node(peak, root);
  const peaks = start.toString(2).split("1").length - 1;
  need(tail.length === log.size - start && head.peaks.length === peaks && same(root, log.root)
    && tail.every((entry, at) => entry.length === 49 && entry[0] === (at ? 1 : 2)), "tail");
  const runs = all(head.runs);
  need(number(tail[0].slice(33, 41)) === start, "head");
  need(same(await rootOf(await Promise.all(runs.map(leaf))), tail[0].slice(1, 33)), "index");

  let aged = 0;
  if (head.aged) {
    const old = await checkpointOf(head.aged.checkpoint, head);
    const isOld = log.since === 0 || log.since - old.since >= THREE_YEARS;
    need(isOld && (await continues(old, log, head.aged.consistency)), "old checkpoint");
    aged = old.size;
  }

  const labelsInTail = new Map(tail.map((entry, at) => [hex(entry.slice(1, 17)), start + at]));
  const places = [];
  const taken = new Set();
  const told = new Map();
  const signatures = [];
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
      if (event) noteFacts(event, told);
      if (event?.type === "countersignature") {
        const found = await countersigned(event, log.origin).catch(() => false);
        need(found, "the recipient's signature does not hold", count);
        signatures.push({ ...found, count });
      }
      each(count, event);
    }
  }
  const count = places.length;
  need(count === head.row_count, "a row is missing", count + 1);

  for (const one of signatures) need((told.get(one.thing) ?? one.stated) === one.stated, "signed about something else", one.count);

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
