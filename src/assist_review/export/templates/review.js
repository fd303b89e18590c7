"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const words = JSON.parse(one("words").textContent);
  let language = root.dataset.language;

  root.classList.add("js");
  all("details[data-closed]").forEach((d) => { d.open = false; });

  // Words: the spans know their key, so switching needs no second copy of the page.
  function say(key, values) {
    const pair = words[key];
    if (!pair) return key.slice(key.indexOf(".") + 1);
    const text = pair[language === "zh" ? 0 : 1];
    return values ? text.replace(/\{(\w+)\}/g, (_, name) => values[name]) : text;
  }
  function speak() {
    all("[data-t]").forEach((node) => {
      node.textContent = say(node.dataset.t, node.dataset.v && JSON.parse(node.dataset.v));
      node.lang = language === "zh" ? "zh-CN" : "en";
    });
    for (const name of ["placeholder", "aria-label"])
      all(`[data-a-${name}]`).forEach((node) => node.setAttribute(name, say(node.getAttribute(`data-a-${name}`))));
    one("language").textContent = say("ui.language");
    root.dataset.language = language;
    filter();
  }

  // Filters.
  const items = all("[data-item]");
  const search = one("search");
  const selects = all("select[data-filter]");
  const texts = new Map();
  const text = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  function fits(item, terms) {
    return selects.every((s) => {
      if (!s.value) return true;
      const name = { file: "files", role: "roles" }[s.dataset.filter] || s.dataset.filter;
      return item.dataset[name].split(" ").includes(s.value);
    }) && terms.every((term) => text(item).includes(term));
  }
  function filter() {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = terms.length > 0 || selects.some((s) => s.value);
    let shown = 0;
    selects.forEach((s) => s.classList.toggle("set", s.value !== ""));
    items.forEach((item) => {
      const fit = fits(item, terms);
      item.hidden = !fit;
      shown += fit;
    });
    all(".group").forEach((group) => {
      const any = all("[data-item]", group).some((item) => !item.hidden);
      group.hidden = active && !any;
      if (active && any) all("details.fold", group).forEach((d) => { d.open = true; });
      all("[data-step-head]", group).forEach((head) => {
        head.hidden = !all(`[data-item][data-step="${head.dataset.stepHead}"]`, group).some((item) => !item.hidden);
      });
    });
    one("none").hidden = shown > 0;
    one("reset").hidden = !active;
    one("shown").textContent = say("ui.shown", { n: shown, m: items.length });
  }
  search.addEventListener("input", filter);
  selects.forEach((s) => s.addEventListener("change", filter));
  one("reset").addEventListener("click", () => {
    search.value = "";
    selects.forEach((s) => { s.value = ""; });
    filter();
  });
  one("more-filters").addEventListener("click", (event) => {
    const open = one("filters").classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", open);
  });

  // Expand, collapse, print. Entries of keyword lists stay closed unless someone opens one by hand.
  const foldable = () => all("details:not(.secret):not(.cell)");
  one("expand").addEventListener("click", () => foldable().forEach((d) => { d.open = true; }));
  one("collapse").addEventListener("click", () => all(".card > details, .fold, .clause, .more").forEach((d) => { d.open = false; }));
  let before = [];
  addEventListener("beforeprint", () => {
    before = foldable().filter((d) => !d.open);
    before.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => before.forEach((d) => { d.open = false; }));
  one("print").addEventListener("click", () => print());
  one("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; texts.clear(); speak(); });
  one("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // A link to something folded opens it.
  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    const inner = target.querySelector(":scope > details");
    if (inner) inner.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);

  // Keyboard.
  function step(by) {
    const visible = items.filter((item) => item.offsetParent !== null);
    if (!visible.length) return;
    const here = visible.findIndex((item) => item.contains(document.activeElement));
    let next = here + by;
    if (here < 0) {
      const below = visible.findIndex((item) => item.getBoundingClientRect().top > 80);
      next = by > 0 ? Math.max(below, 0) : (below < 0 ? visible.length : below) - 1;
    }
    const item = visible[Math.min(Math.max(next, 0), visible.length - 1)];
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "start" });
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) { search.blur(); return; }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key === "e") {
      const details = document.activeElement.closest("[data-item]")?.querySelector("details");
      if (details) details.open = !details.open;
    } else if (event.key === "/") { event.preventDefault(); search.focus(); }
  });

  // Copying; files opened from disk have no clipboard permission in some browsers, hence the second way.
  function copied(button) {
    const span = button.querySelector("[data-t]");
    span.textContent = say("ui.copied");
    setTimeout(() => { span.textContent = say("ui.copy"); }, 1500);
  }
  function copyByHand(value) {
    const area = document.createElement("textarea");
    area.value = value;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const value = button.dataset.copy;
    if (navigator.clipboard) navigator.clipboard.writeText(value).catch(() => copyByHand(value)).then(() => copied(button));
    else { copyByHand(value); copied(button); }
    button.focus();
  });

  // Long quotes are cut by style until asked for.
  all("blockquote.long").forEach((quote) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy unfold";
    const label = document.createElement("span");
    label.dataset.t = "ui.more";
    button.append(label);
    button.addEventListener("click", () => {
      label.dataset.t = quote.classList.toggle("whole") ? "ui.less" : "ui.more";
      label.textContent = say(label.dataset.t);
    });
    quote.after(button);
  });

  // What an applicant has done is kept in this browser alone.
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { value ? localStorage.setItem(key, "1") : localStorage.removeItem(key); } catch { /* not kept */ } },
  };
  all("[data-done]").forEach((box) => {
    const key = `assist-review.done.${box.dataset.done}`;
    const show = () => box.closest(".card").classList.toggle("is-done", box.checked);
    box.checked = store.get(key) === "1";
    show();
    box.addEventListener("change", () => { store.set(key, box.checked); show(); });
  });

  // The side navigation follows the reader.
  const links = new Map(all("nav.side a").map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) return;
    links.forEach((link) => link.removeAttribute("aria-current"));
    links.get(entry.target.id)?.setAttribute("aria-current", "true");
  }), { rootMargin: "-10% 0px -80% 0px" });
  links.forEach((_, id) => { const node = one(id); if (node) watcher.observe(node); });

  speak();
  reveal();
})();
