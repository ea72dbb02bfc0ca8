// What the tests of every page ask of the browser. Each answer is a list of lines, empty when all is well.
window.probes = {
  name(element) {
    const start = (one, length) => one.outerHTML.replace(/\s+/g, " ").slice(0, length);
    return `${start(element, 120)} in ${start(element.parentElement, 60)}`;
  },

  // Colours at once, not on their way.
  holdStill() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { transition: none !important; animation: none !important; }");
    document.adoptedStyleSheets = [sheet];
  },

  shown(element) {
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  },

  // The page is wider than its window; named are the outermost elements that stick out.
  sideways() {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => probes.shown(element) && element.getBoundingClientRect().right > root.clientWidth + 1,
    );
    const outermost = wide.filter((element) => !wide.includes(element.parentElement)).slice(0, 3);
    return [`${root.scrollWidth} > ${root.clientWidth}`, ...outermost.map(probes.name)];
  },

  targets() {
    const all = [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")];
    return all.filter((element) => probes.shown(element) && !element.closest(".skip, .visually-hidden"));
  },

  // Hidden inputs with a label of their own are judged by it.
  boxOf(element) {
    return (element.closest("label") ?? element).getBoundingClientRect();
  },

  // Every target is 24 by 24 pixels, which is more than WCAG 2.5.8 asks for: room around a small one does not count.
  // Only a link inside a sentence may have the height of its line.
  smallTargets() {
    return probes
      .targets()
      .filter((element) => {
        const box = probes.boxOf(element);
        return box.width > 0 && (box.width < 23.5 || box.height < 23.5) && !probes.isInSentence(element);
      })
      .map((element) => {
        const box = element.getBoundingClientRect();
        return `${Math.round(box.width)} x ${Math.round(box.height)} ${probes.name(element)}`;
      });
  },

  // WCAG 2.5.8 as it is: a small target will do with so much room that a circle of 24 around its middle meets no other.
  crowdedTargets() {
    const targets = probes.targets();
    const boxes = targets.map(probes.boxOf);
    const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
    const distance = (point, box) => {
      const [x, y] = [Math.max(box.left, Math.min(point[0], box.right)), Math.max(box.top, Math.min(point[1], box.bottom))];
      return Math.hypot(point[0] - x, point[1] - y);
    };
    return targets
      .filter((element, index) => {
        const box = boxes[index];
        if (box.width === 0 || (box.width >= 23.5 && box.height >= 23.5) || probes.isInSentence(element)) return false;
        const here = middle(box);
        return boxes.some((other, place) => {
          if (place === index || other.width === 0 || targets[place].contains(element) || element.contains(targets[place])) return false;
          const isSmall = other.width < 23.5 || other.height < 23.5;
          const there = middle(other);
          const apart = isSmall ? Math.hypot(here[0] - there[0], here[1] - there[1]) - 12 : distance(here, other);
          return apart < 11.5;
        });
      })
      .map(probes.name);
  },

  // Words stand beside it in the same lines; commas between links are none.
  isInSentence(element) {
    const isInline = (one) => ["inline", "contents", "ruby"].includes(getComputedStyle(one).display);
    if (!isInline(element)) return false;
    const blockOf = (one) => (isInline(one) ? blockOf(one.parentElement) : one);
    const block = blockOf(element.parentElement);
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const around = text.parentElement;
      if (around.closest("a, button, .visually-hidden") || blockOf(around) !== block) continue;
      if (/[\p{L}\p{N}]/u.test(text.data)) return true;
    }
    return false;
  },

  doubleText() {
    document.documentElement.style.fontSize = "200%";
  },

  // Text that its own box cuts off: overflow hidden or clipped, and more content than room.
  clipped() {
    return [...document.body.querySelectorAll("*")]
      .filter((element) => {
        const style = getComputedStyle(element);
        if (!probes.shown(element) || element.closest(".visually-hidden, svg, select")) return false;
        // A picture instead of words, a window into another page, an input whose text scrolls: nothing is lost.
        if (parseFloat(style.textIndent) < -50 || !element.textContent.trim()) return false;
        if (element.matches("input, :has(> iframe)")) return false;
        const cuts = [style.overflowX, style.overflowY].some((way) => way === "hidden" || way === "clip");
        const box = element.getBoundingClientRect();
        if (!cuts || box.width <= 1 || box.height <= 1) return false;
        return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      })
      .map(probes.name);
  },
};
