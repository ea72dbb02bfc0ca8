// Rich text of a clipboard as our Markdown: paragraphs, bold, stressed, links, lists, tables, quotations. Pure: it reads
// HTML in a document of its own, where nothing runs and nothing is loaded, and returns text.
// Known by name: Word (mso-…), Excel, Google Docs, LibreOffice. docs/editors.md says what becomes of what.

const DROPPED = new Set("script style template noscript head meta link title xml svg math object iframe canvas video audio input select textarea button".split(" "));
const BLOCKS = new Set("address article aside body center dd details div dl dt fieldset figcaption figure footer form header hr legend main nav p pre section summary".split(" "));
// Characters beside which the line breaks of a page's source are no spaces.
const WIDE = /[\u2e80-\u30ff\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]/u;
const MARK = /[\p{P}\p{S}]/u;

// What a text is made of while it is read: finished blocks, and the runs of the paragraph that is being read.
// A block is a paragraph, a table or a quotation ({text}), or an item of a list ({level, number, text}).
class Reading {
  constructor(leftOut, level = 0) {
    this.leftOut = leftOut;
    this.level = level;
    this.blocks = [];
    this.runs = [];
  }

  endParagraph(finish = escapeStart) {
    const text = textOfRuns(this.runs);
    this.runs = [];
    if (text) this.blocks.push({ text: finish(text) });
  }

  inside(node, style, level = this.level) {
    const inner = new Reading(this.leftOut, level);
    readChildren(node, style, inner);
    inner.endParagraph();
    return inner.blocks;
  }
}

function markdownFrom(html) {
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  const reading = new Reading(new Set());
  readChildren(page.body, {}, reading);
  reading.endParagraph();
  const text = written(reading.blocks);
  const isPlain = reading.blocks.length < 2 && !/[*\[|>]|^(- |\d+\. )/m.test(text);
  return { text, isPlain, leftOut: reading.leftOut };
}

// The site's policy forbids styles in a page, also in one that nobody sees. They are read as data.
function withoutStyles(html) {
  return html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "").replace(/(<[a-z][^>]*?\s)style\s*=/gi, "$1data-style=");
}

// --- Reading ---------------------------------------------------------------------------------------------------------

function readChildren(node, style, reading) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) reading.runs.push({ ...style, text: child.data });
    else if (child.nodeType === Node.ELEMENT_NODE) readElement(child, style, reading);
  }
}

function readElement(node, style, reading) {
  const tag = node.localName;
  const css = (node.getAttribute("data-style") ?? "").toLowerCase().replace(/\s/g, "");
  if (isLeftOut(node, tag, css, reading.leftOut)) return;
  if (tag === "br") return void reading.runs.push({ text: "\n", isBreak: true });
  if (/^h[1-6]$/.test(tag)) return readHeading(node, reading);
  if (tag === "ul" || tag === "ol") return readList(node, style, reading);
  if (tag === "table") return readTable(node, style, reading);
  if (tag === "blockquote") return readQuotation(node, style, reading);
  const item = /mso-list:l\d+level(\d+)/.exec(css);
  if (tag === "p" && item) return readWordItem(node, Number(item[1]), style, reading);
  if (!BLOCKS.has(tag)) return readChildren(node, styled(node, tag, css, style), reading);
  reading.endParagraph();
  readChildren(node, styled(node, tag, css, style), reading);
  reading.endParagraph();
}

function isLeftOut(node, tag, css, leftOut) {
  const because = (what) => (what && leftOut.add(what), true);
  if (tag === "img" || tag === "v:shape" || tag === "picture") return because("pictures");
  if (tag === "button") return because("");
  if (DROPPED.has(tag)) return because("");
  if (tag === "del") return because("deleted");
  if (/mso-element:(comment|footnote|endnote)/.test(css)) return because("notes");
  if (/mso(comment|footnote|endnote)|msocomanchor/i.test(node.className)) return because("notes");
  // A mark that leads to a note of the same page.
  if (tag === "sup" && node.querySelector("a[href*='#']")) return because("notes");
  if (tag === "s" || tag === "strike" || css.includes("line-through")) leftOut.add("struck");
  return node.hidden || /display:none|mso-hide:all|mso-list:ignore/.test(css);
}

function styled(node, tag, css, style) {
  const next = { ...style };
  if (tag === "b" || tag === "strong" || tag === "dt") next.bold = true;
  if (tag === "i" || tag === "em") next.italic = true;
  const weight = /font-weight:(bold|normal|lighter|\d+)/.exec(css)?.[1];
  if (weight) next.bold = weight === "bold" || Number(weight) >= 600;
  const slant = /font-style:(italic|oblique|normal)/.exec(css)?.[1];
  if (slant) next.italic = slant !== "normal";
  if (style.isBoldAlready) next.bold = false;
  if (tag === "a") next.href = addressOf(node) ?? style.href;
  return next;
}

// Addresses that a text may lead to; those of this site without its name.
function addressOf(link) {
  const given = (link.getAttribute("href") ?? "").trim();
  if (/^(#|javascript:|file:|data:|about:|blob:)/i.test(given) || !given) return undefined;
  const address = URL.canParse(given) ? new URL(given) : null;
  if (!address) return given.startsWith("/") && !given.startsWith("//") ? encoded(given) : undefined;
  if (!/^(https?|mailto|tel):$/.test(address.protocol)) return undefined;
  if (address.origin === location.origin) return encoded(address.pathname + address.search + address.hash);
  return encoded(given);
}

const encoded = (address) => address.replace(/[\s()<>\\]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

function readHeading(node, reading) {
  reading.endParagraph();
  readChildren(node, { isBoldAlready: true }, reading);
  if (reading.runs.some((run) => run.text.trim())) reading.leftOut.add("headings");
  for (const run of reading.runs) run.bold = true;
  reading.endParagraph();
}

function readQuotation(node, style, reading) {
  reading.endParagraph();
  const inner = written(reading.inside(node, style, 0));
  if (inner) reading.blocks.push({ text: inner.replace(/^/gm, "> ").replace(/ +$/gm, "") });
}

// --- Lists -----------------------------------------------------------------------------------------------------------

function readList(node, style, reading) {
  reading.endParagraph();
  let number = node.localName === "ol" ? Number(node.getAttribute("start") ?? 1) : null;
  for (const child of node.children) {
    if (child.localName === "li") {
      addItem(reading, reading.level, number, reading.inside(child, style, reading.level + 1));
      if (number !== null) number += 1;
    } else if (child.localName === "ul" || child.localName === "ol") {
      // Google Docs and old pages set the inner list beside the item that it belongs to.
      const deeper = new Reading(reading.leftOut, reading.level + 1);
      readList(child, style, deeper);
      reading.blocks.push(...deeper.blocks);
    } else readElement(child, style, reading);
  }
  reading.endParagraph();
}

function addItem(reading, level, number, inner) {
  const own = inner.filter((block) => block.level === undefined).map((block) => block.text);
  const deeper = inner.filter((block) => block.level !== undefined);
  if (own.length || deeper.length) reading.blocks.push({ level, number, text: own.join("\n\n") }, ...deeper);
}

// Word's lists are paragraphs, with the mark written into a part that says that it is to be ignored.
function readWordItem(node, depth, style, reading) {
  reading.endParagraph();
  const mark = [...node.querySelectorAll("span")].find((one) => /mso-list:\s*ignore/i.test(one.getAttribute("data-style") ?? ""));
  // A single letter alone is a picture in a typeface of symbols.
  const counted = /^[\s(（]*(?:([0-9０-９]+|[①-⑳])[.)）．]?|[a-z]+[.)）．])\s*$/i.exec(mark?.textContent ?? "");
  const number = counted ? Number(counted[1]) || 1 : null;
  addItem(reading, reading.level + depth - 1, number, reading.inside(node, style));
}

// --- Tables ----------------------------------------------------------------------------------------------------------

function readTable(table, style, reading) {
  reading.endParagraph();
  const rows = [...table.rows].filter((row) => !/display:\s*none/i.test(row.getAttribute("data-style") ?? ""));
  // The first row is the head, which is bold without saying so.
  const grid = rows.map((row, index) =>
    [...row.cells].flatMap((cell) => cellsOf(cell, { ...style, isBoldAlready: index === 0 }, reading)),
  );
  const filled = grid.filter((row) => row.some(Boolean));
  const width = Math.max(0, ...filled.map((row) => row.findLastIndex(Boolean) + 1));
  // What has one column only sets its parts below each other, and needs no table.
  if (width < 2) {
    for (const row of rows) for (const cell of row.cells) reading.blocks.push(...reading.inside(cell, style));
    return;
  }
  const lines = filled.map((row) => `| ${Array.from({ length: width }, (_one, index) => row[index] ?? "").join(" | ")} |`);
  lines.splice(1, 0, `|${" --- |".repeat(width)}`);
  reading.blocks.push({ text: lines.join("\n").replace(/\|  +\|/g, "| |").replace(/\|  +\|/g, "| |") });
}

function cellsOf(cell, style, reading) {
  const over = Math.max(1, cell.colSpan);
  if (over > 1 || cell.rowSpan > 1) reading.leftOut.add("merged");
  const parts = reading
    .inside(cell, style)
    .flatMap((block) => block.text.replace(/^- |^> |^\d+\. /gm, "").split(/\\?\n+/));
  const text = parts.reduce(beside, "").replace(/(?<!\\)\|/g, "\\|");
  return [text, ...Array(over - 1).fill("")];
}

function beside(before, next) {
  if (!before || !next) return before + next;
  const isWide = WIDE.test(before.at(-1)) || WIDE.test(next[0]);
  return before + (/[。．.!?！？:：、，,;]$/.test(before) ? (isWide ? "" : " ") : isWide ? "、" : "; ") + next;
}

// --- Writing ---------------------------------------------------------------------------------------------------------

function written(blocks) {
  let text = "";
  const open = []; // the items above this one: {level, indent, width, number}
  blocks.forEach((block, index) => {
    const isItem = block.level !== undefined;
    const before = blocks[index - 1];
    const isOtherList = block.level === 0 && before?.level === 0 && (block.number === null) !== (before.number === null);
    const follows = isItem && before?.level !== undefined && !isOtherList;
    if (text) text += follows ? "\n" : "\n\n";
    if (!isItem) open.length = 0;
    text += isItem ? itemText(block, open) : block.text;
  });
  return text;
}

function itemText(item, open) {
  let last = null;
  while (open.length && open.at(-1).level >= item.level) last = open.pop();
  const indent = open.length ? open.at(-1).indent + open.at(-1).width : 0;
  const goesOn = last?.level === item.level && last.number !== null;
  const number = item.number === null ? null : goesOn ? last.number + 1 : item.number;
  const mark = number === null ? "- " : `${number}. `;
  open.push({ level: item.level, indent, width: mark.length, number });
  const further = " ".repeat(indent + mark.length);
  return " ".repeat(indent) + mark + item.text.replace(/\n(?=[^\n])/g, `\n${further}`);
}

// --- Words -----------------------------------------------------------------------------------------------------------

function textOfRuns(runs) {
  const parts = tidied(runs);
  let text = "";
  parts.forEach((part, index) => {
    text += inMarks(part, text.at(-1) ?? "", parts[index + 1]?.text[0] ?? "");
  });
  return text.trim().replace(/ *\n */g, "\\\n");
}

// The runs as a reader sees them: white space once, and none where only the source of the page had a line break.
function tidied(runs) {
  const seen = [];
  let gap = "";
  for (const run of runs) {
    for (const one of run.isBreak ? ["\n"] : run.text.replace(/[\u200b\ufeff\u00ad]/g, "")) {
      if (!run.isBreak && /[\s\u00a0]/.test(one) && one !== "\u3000") {
        gap += one;
        continue;
      }
      const before = seen.at(-1);
      const isOfTheSource = /[\r\n]/.test(gap) && before && (WIDE.test(before.text) || WIDE.test(one));
      if (gap && before && before.text !== "\n" && one !== "\n" && !isOfTheSource) seen.push({ ...before, text: " " });
      gap = "";
      seen.push({ ...run, text: one });
    }
  }
  if (gap && seen.length) seen.push({ text: " " });
  return seen.reduce(joined, []);
}

function joined(parts, next) {
  const last = parts.at(-1);
  const isSame = last && ["bold", "italic", "href"].every((name) => (last[name] || "") === (next[name] || ""));
  if (isSame) last.text += next.text;
  else parts.push({ ...next });
  return parts;
}

function inMarks({ text, bold, italic, href }, before, after) {
  const [, lead, core, trail] = /^(\s*)(.*?)(\s*)$/s.exec(text);
  if (!core) return text;
  const marks = (bold ? "**" : "") + (italic ? "*" : "");
  const close = [...marks].reverse().join("");
  if (href) {
    const isItself = core === href || `https://${core}` === href;
    const inner = isItself && /^https?:/.test(href) && !marks ? `<${href}>` : `[${marks}${escaped(core)}${close}](${href})`;
    return lead + inner + trail;
  }
  if (!marks) return lead + escaped(core) + trail;
  // Marks beside 「」 or 。 do not count where a letter is on their other side (CommonMark 6.2): they go inside of them.
  const opens = isLetter(lead || before) ? leadingMarks(core) : 0;
  const closes = isLetter(trail || after) ? leadingMarks([...core].reverse().join("")) : 0;
  if (opens + closes >= core.length) return lead + escaped(core) + trail;
  const middle = core.slice(opens, core.length - closes);
  const [first, end] = [core.slice(0, opens), core.slice(core.length - closes)];
  return `${lead}${escaped(first)}${marks}${escaped(middle)}${close}${escaped(end)}${trail}`;
}

const isLetter = (one) => Boolean(one) && !/\s/.test(one) && !MARK.test(one);
const leadingMarks = (text) => (text.match(/^[\p{P}\p{S}]+/u)?.[0] ?? "").length;

// What would mean something in Markdown, and was meant as it stands.
function escaped(text) {
  return text
    .replace(/[\\`*]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/\](?=\()/g, "\\]")
    .replace(/<(?=[a-z/!])/gi, "\\<")
    .replace(/&(?=#?\w+;)/g, "\\&");
}

function escapeStart(text) {
  return text.replace(/^([-+>])(?=\s|$)/gm, "\\$1").replace(/^>/gm, "\\>").replace(/^(\d+)([.)])(?=\s|$)/gm, "$1\\$2");
}
