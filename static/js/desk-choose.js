// A field that refers to other entries: type a name, choose with the arrow keys. Without this script the field takes
// codes and names as text, and with it still does.

let made = 0;

// The place that shows what was found, below ``input``; ``choose`` is told what was chosen.
function search(input, field, choose) {
  const list = document.createElement("ul");
  const said = document.createElement("p");
  list.id = `choose-${++made}`;
  list.className = "choose-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.chooseLabel);
  list.hidden = true;
  said.className = "choose-said";
  said.setAttribute("role", "status");
  input.after(list, said);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) input.setAttribute(name, value);
  let timer = 0;
  let asked = 0;
  let at = -1;

  function close() {
    asked++;
    list.hidden = true;
    list.replaceChildren();
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    choose(`${option.dataset.code} ${option.dataset.name}`);
    close();
    said.textContent = "";
  }

  function move(to) {
    const options = [...list.children];
    if (!options.length) return;
    at = (to + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  function show({ entries, has_more: hasMore }) {
    list.replaceChildren(...entries.map(({ code, name }, place) => {
      const option = document.createElement("li");
      const small = document.createElement("code");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      Object.assign(option.dataset, { code, name });
      small.textContent = code;
      option.append(`${name} `, small);
      // Before the field loses the focus.
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(option);
      });
      return option;
    }));
    at = -1;
    list.hidden = !entries.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const text = hasMore ? field.dataset.chooseMore : entries.length ? field.dataset.chooseFound : field.dataset.chooseNone;
    said.textContent = text.replace("%(count)s", entries.length);
  }

  async function ask() {
    const q = input.value.trim();
    if (!q) return close();
    const mine = ++asked;
    const response = await fetch(`${field.dataset.choose}?q=${encodeURIComponent(q)}`).catch(() => null);
    // Only the newest answer counts.
    if (response?.ok && !response.redirected && mine === asked) show(await response.json());
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
  input.addEventListener("keydown", (event) => {
    // A key that ends the writing of 漢字 chooses nothing.
    if (event.isComposing) return;
    if (event.key === "Enter" && (at >= 0 || input !== field)) {
      event.preventDefault();
      if (at >= 0) take(list.children[at]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);
}

// Several entries stay a list of lines; the search above it adds one.
function addSearch(area) {
  const box = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  box.className = "choose-box";
  input.type = "search";
  input.id = `${area.id}-search`;
  input.autocomplete = "off";
  label.htmlFor = input.id;
  label.textContent = area.dataset.chooseLabel;
  box.append(label, input);
  area.before(box);
  box.append(area);
  search(input, area, (line) => {
    const lines = area.value.split("\n").filter((one) => one.trim());
    const [code] = line.split(" ");
    if (!lines.some((one) => one.split(/\s/)[0] === code)) lines.push(line);
    area.value = lines.join("\n");
    area.scrollTop = area.scrollHeight;
    input.value = "";
  });
}

function begin(field) {
  if (field.name.includes("__prefix__") || field.dataset.chooses) return;
  field.dataset.chooses = "yes";
  if (field.tagName === "TEXTAREA") return addSearch(field);
  search(field, field, (line) => {
    field.value = line;
  });
}

function beginAll(place) {
  for (const field of place.querySelectorAll("[data-choose]")) begin(field);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => beginAll(document));
else beginAll(document);
document.addEventListener("formset:added", (event) => beginAll(event.target));
