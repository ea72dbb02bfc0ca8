// Below each text in Markdown: as it will look, made by the server with the same code as a publication, and advice on
// reading it.

function preview(area) {
  const region = document.createElement("div");
  region.className = "markdown-preview";
  region.lang = area.lang;
  area.after(region);
  let timer = 0;
  let asked = 0;

  async function show() {
    if (!area.value.trim()) return region.replaceChildren();
    const mine = ++asked;
    const body = new FormData();
    body.set("text", area.value);
    body.set("language", area.lang);
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const response = await fetch(area.dataset.markdown, { method: "POST", body }).catch(() => null);
    // Only the newest answer counts. The server cleaned it.
    if (!response?.ok || mine !== asked) return;
    const wasOpen = region.querySelector(".reading-advice")?.open;
    region.innerHTML = await response.text();
    if (wasOpen) region.querySelector(".reading-advice")?.setAttribute("open", "");
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 350);
  });
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    show();
  }).observe(area);
}

function begin() {
  for (const area of document.querySelectorAll("textarea[data-markdown]")) {
    if (!area.name.includes("__prefix__")) preview(area);
  }
  document.addEventListener("formset:added", (event) => {
    for (const area of event.target.querySelectorAll("textarea[data-markdown]")) {
      area.parentElement.querySelector(".markdown-preview")?.remove();
      preview(area);
    }
  });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
