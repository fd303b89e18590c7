"use strict";
// The desk: one finding open at a time, its evidence shown in the document, decisions by mouse or key.
(() => {
  const desk = document.getElementById("desk");
  const card = document.getElementById("finding"), doc = document.getElementById("doc"), rows = document.getElementById("rows");
  const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
  const shown = { finding: "", place: 0, file: "", key: "" };
  let busy = false, saying;

  const toast = (text) => {
    const at = document.getElementById("toast"); at.textContent = text; at.hidden = false;
    clearTimeout(saying); saying = setTimeout(() => { at.hidden = true; }, 4000);
  };
  const post = (url, values) => fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams(values) });
  const links = () => [...rows.querySelectorAll(".row-link")].filter((a) => a.offsetParent !== null);
  const link = (id) => rows.querySelector(`.row-link[data-finding="${CSS.escape(id)}"]`);
  const current = () => card.querySelector(".finding");
  const jumps = () => [...card.querySelectorAll(".jump:not([disabled])")];

  const paint = (html) => {
    card.innerHTML = html;
    const at = current();
    if (!at) return;
    const row = link(at.dataset.finding);
    if (row) {
      row.dataset.state = at.dataset.state;
      const signs = { open: "", confirmed: "✓", amended: "✎", dismissed: "✕" };
      row.querySelector(".did").textContent = signs[at.dataset.state] + (at.dataset.second ? " ②" : "");
    }
    const tally = card.querySelector("template[data-tally]");
    if (tally) document.getElementById("tally").innerHTML = tally.innerHTML;
    for (const area of card.querySelectorAll("[data-draft]")) {
      const kept = sessionStorage.getItem("draft-" + area.dataset.draft);
      if (kept) area.value = kept;
    }
  };

  const open = async (id, focus) => {
    const row = link(id);
    if (!id) return;
    for (const a of rows.querySelectorAll("[aria-current]")) a.removeAttribute("aria-current");
    if (row) {
      const box = row.closest("details"); if (box) box.open = true;
      row.setAttribute("aria-current", "true"); row.scrollIntoView({ block: "nearest" });
    }
    shown.finding = id; shown.place = 0;
    history.replaceState(null, "", "#" + id);
    const answer = await fetch(desk.dataset.findingUrl.replace(/0$/, id)).catch(() => null);
    if (!answer || !answer.ok) { toast(desk.dataset.offline); return; }
    if (shown.finding !== id) return;
    paint(await answer.text());
    card.scrollTop = 0;
    if (focus) card.focus({ preventScroll: true });
    if (jumps().length) await go(0);
  };

  const load = async (file, query) => {
    const key = file + "?" + (query || "");
    if (shown.key === key) return true;
    const answer = await fetch(desk.dataset.documentUrl + "?file=" + encodeURIComponent(file) + (query ? "&" + query : "")).catch(() => null);
    if (!answer || !answer.ok) return false;
    doc.innerHTML = await answer.text();
    shown.key = key; shown.file = file;
    document.getElementById("file").value = file;
    doc.scrollTop = 0;
    return true;
  };
  const clear = () => {
    for (const e of doc.querySelectorAll(".hit")) e.classList.remove("hit");
    for (const m of doc.querySelectorAll("mark")) m.replaceWith(m.textContent);
    for (const b of doc.querySelectorAll(".mark-box")) b.remove();
  };
  const highlight = (element, quote) => {
    if (!element) return null;
    element.normalize();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = quote ? node.data.indexOf(quote) : -1;
      if (at >= 0) {
        const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + quote.length);
        const mark = document.createElement("mark"); range.surroundContents(mark); return mark;
      }
    }
    element.classList.add("hit");
    return element;
  };
  const boxed = (figure, box, other) => {
    const [x0, y0, x1, y1] = box.split(",").map(Number);
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("x", x0 - 2); rect.setAttribute("y", y0 - 2); rect.setAttribute("width", x1 - x0 + 4); rect.setAttribute("height", y1 - y0 + 4);
    rect.setAttribute("class", "mark-box" + (other ? " other" : "")); figure.querySelector("svg").append(rect);
    return rect;
  };

  const go = async (n) => {
    const all = jumps();
    if (!all.length) { document.getElementById("place-count").textContent = ""; return; }
    shown.place = (n + all.length) % all.length;
    const jump = all[shown.place], d = jump.dataset;
    for (const j of all) j.removeAttribute("aria-current");
    jump.setAttribute("aria-current", "true");
    document.getElementById("place-count").textContent = `${shown.place + 1} / ${all.length}`;
    let query = "";
    if (d.cell || (d.sheet && d.row)) {
      const row = Number(d.row || (d.cell.match(/\d+/) || [1])[0]);
      query = `sheet=${encodeURIComponent(d.sheet || "")}&start=${Math.floor((row - 1) / 100) * 100 + 1}`;
    } else if (d.sheet) query = `sheet=${encodeURIComponent(d.sheet)}`;
    if (!await load(d.file, query)) return;
    clear();
    let target = null;
    const figure = d.page && doc.querySelector(`.sheet-page[data-page="${d.page}"]`);
    if (figure) {
      for (const j of all) if (j !== jump && j.dataset.file === d.file && j.dataset.page === d.page && j.dataset.box) boxed(figure, j.dataset.box, true);
      target = d.box ? boxed(figure, d.box) : figure;
      const top = figure.offsetTop - doc.offsetTop + (d.box ? Number(d.box.split(",")[1]) / Number(figure.dataset.h) * figure.offsetHeight : 0);
      doc.scrollTo({ top: Math.max(0, top - doc.clientHeight / 3) });
      return;
    }
    if (d.cell) target = highlight(doc.querySelector(`[data-cell="${CSS.escape(d.cell)}"]`), "");
    else if (d.sheet && d.row) target = highlight(doc.querySelector(`tr[data-row="${d.row}"]`), "");
    else if (d.table) {
      const table = doc.querySelector(`[data-t="${d.table}"]`);
      const row = table && d.row ? table.querySelector(`[data-r="${d.row}"]`) : null;
      target = highlight(row || table, d.quote);
    } else if (d.paragraph) {
      const same = [...doc.querySelectorAll(`[data-p="${d.paragraph}"]`)];
      target = highlight(same.find((e) => d.quote && e.textContent.includes(d.quote)) || same[0], d.quote);
    }
    if (!target && d.quote) {
      const flow = doc.querySelector(".flow");
      const holder = flow && [...flow.querySelectorAll("p, h3, h4, h5, h6, td, th")].find((e) => e.textContent.includes(d.quote));
      target = highlight(holder, d.quote);
    }
    if (target) target.scrollIntoView({ block: "center", inline: "nearest" });
  };

  const step = (by) => {
    const all = links();
    const at = all.findIndex((a) => a.dataset.finding === shown.finding);
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    if (next && next.dataset.finding !== shown.finding) open(next.dataset.finding);
  };
  const nextOpen = () => {
    const all = links().filter((a) => !a.closest("details"));
    const at = all.findIndex((a) => a.dataset.finding === shown.finding);
    const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((a) => a.dataset.state === "open");
    if (next) return open(next.dataset.finding);
    return undefined;
  };

  const decide = async (action, values) => {
    const at = current();
    if (busy || !at || !desk.dataset.may) return;
    busy = true;
    const answer = await post(at.dataset.decide, { action, version: at.dataset.version, ...values }).catch(() => null);
    busy = false;
    if (!answer) { toast(desk.dataset.offline); return; }
    const html = await answer.text();
    if (!answer.headers.get("content-type").includes("html") || answer.status >= 500) { toast(desk.dataset.offline); return; }
    paint(html);
    if (answer.ok) {
      for (const kind of ["dismiss-", "amend-"]) sessionStorage.removeItem("draft-" + kind + at.dataset.finding);
      if (action !== "reopen") await nextOpen();
    }
  };
  const show = (name) => {
    if (!desk.dataset.may) return;
    for (const form of card.querySelectorAll(".act-form")) form.hidden = form.dataset.form !== name;
    const first = card.querySelector(`[data-form="${name}"] textarea`);
    if (first) first.focus();
  };
  const undo = async () => {
    const answer = await post(desk.dataset.undoUrl, {}).catch(() => null);
    if (!answer) { toast(desk.dataset.offline); return; }
    const said = await answer.json();
    if (said.error) toast(said.error); else await open(said.finding);
  };
  const mark = async () => {
    const at = current();
    if (!at || !desk.dataset.may) return;
    const answer = await post(at.dataset.mark, {}).catch(() => null);
    if (answer && answer.headers.get("content-type").includes("html") && answer.status !== 403) paint(await answer.text());
  };

  // Own finding from selected text or a rectangle drawn on a page.
  let drawn = null;
  const own = () => {
    if (!desk.dataset.may) return;
    const selection = window.getSelection(), text = selection ? selection.toString().trim() : "";
    const place = { file: shown.file };
    if (text && selection.anchorNode && doc.contains(selection.anchorNode)) {
      const at = (selection.anchorNode.nodeType === 1 ? selection.anchorNode : selection.anchorNode.parentElement);
      const p = at.closest("[data-p]"), t = at.closest("[data-t]"), r = at.closest("[data-r]"), c = at.closest("[data-cell]"), page = at.closest("[data-page]");
      if (c) { place.cell = c.dataset.cell; place.sheet = at.closest("[data-sheet]").dataset.sheet; }
      else if (t) { place.table = t.dataset.t; if (r) place.row = r.dataset.r; } else if (p) place.paragraph = p.dataset.p;
      if (page) place.page = page.dataset.page;
      place.quote = text;
    } else if (drawn) Object.assign(place, drawn);
    else { toast(desk.dataset.select); return; }
    const dialog = document.getElementById("own");
    dialog.place = place;
    document.getElementById("own-where").textContent = place.file + (place.page ? " · p." + place.page : "");
    document.getElementById("own-quote").textContent = place.quote || "";
    document.getElementById("own-problem").hidden = true;
    dialog.showModal();
    dialog.querySelector("[name=requirement]").focus();
  };
  document.getElementById("own-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const dialog = document.getElementById("own");
    const values = { ...Object.fromEntries(new FormData(event.target)), ...dialog.place };
    const answer = await post(desk.dataset.ownUrl, values).catch(() => null);
    const said = answer ? await answer.json() : { error: desk.dataset.offline };
    if (said.error) { const p = document.getElementById("own-problem"); p.textContent = said.error; p.hidden = false; return; }
    dialog.close(); location.hash = said.finding; location.reload();
  });
  doc.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest(".sheet-page svg");
    if (!svg || event.button) return;
    event.preventDefault();
    const figure = svg.parentElement, area = svg.getBoundingClientRect();
    const point = (e) => [(e.clientX - area.left) / area.width * figure.dataset.w, (e.clientY - area.top) / area.height * figure.dataset.h];
    const [ax, ay] = point(event);
    for (const b of doc.querySelectorAll(".draw-box")) b.remove();
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect"); rect.setAttribute("class", "draw-box"); svg.append(rect);
    const move = (e) => {
      const [bx, by] = point(e);
      rect.setAttribute("x", Math.min(ax, bx)); rect.setAttribute("y", Math.min(ay, by));
      rect.setAttribute("width", Math.abs(bx - ax)); rect.setAttribute("height", Math.abs(by - ay));
    };
    const up = async (e) => {
      window.removeEventListener("pointermove", move); window.removeEventListener("pointerup", up);
      const [bx, by] = point(e);
      if (Math.abs(bx - ax) < 8 || Math.abs(by - ay) < 5) { rect.remove(); drawn = null; return; }
      const box = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)].map((v) => v.toFixed(1)).join(",");
      const answer = await fetch(`${desk.dataset.textUrl}?file=${encodeURIComponent(shown.file)}&page=${figure.dataset.page}&box=${box}`).catch(() => null);
      drawn = { page: figure.dataset.page, quote: answer && answer.ok ? (await answer.json()).text : "" };
      own();
    };
    window.addEventListener("pointermove", move); window.addEventListener("pointerup", up);
  });

  rows.addEventListener("click", (event) => {
    const a = event.target.closest(".row-link");
    if (a && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(a.dataset.finding, true); }
  });
  card.addEventListener("click", (event) => {
    const jump = event.target.closest(".jump");
    if (jump) go(jumps().indexOf(jump));
    const act = event.target.closest("[data-act]");
    if (act) decide(act.dataset.act, {});
    const opener = event.target.closest("[data-open]");
    if (opener) show(opener.dataset.open);
    if (event.target.closest("[data-close]")) show("");
    if (event.target.closest("[data-second]")) mark();
  });
  card.addEventListener("submit", (event) => {
    event.preventDefault();
    decide(event.target.dataset.form, Object.fromEntries(new FormData(event.target)));
  });
  card.addEventListener("input", (event) => {
    if (event.target.dataset.draft) sessionStorage.setItem("draft-" + event.target.dataset.draft, event.target.value);
  });
  doc.addEventListener("click", (event) => {
    const sheet = event.target.closest("button[data-sheet]");
    if (sheet) load(shown.file, `sheet=${encodeURIComponent(sheet.dataset.sheet)}&start=${sheet.dataset.start}`);
    const as = event.target.closest("[data-as]");
    if (as) load(shown.file, as.dataset.as === "text" ? "as=text" : "");
  });
  // A page image that is not drawn yet is asked for again.
  doc.addEventListener("error", (event) => {
    const image = event.target;
    if (image.tagName === "IMG" && Number(image.dataset.tries || 0) < 20) {
      image.dataset.tries = Number(image.dataset.tries || 0) + 1;
      setTimeout(() => { image.src = image.src.replace(/\?.*$/, "") + "?" + image.dataset.tries; }, 1500);
    }
  }, true);
  document.getElementById("file").addEventListener("change", (event) => load(event.target.value, ""));
  document.getElementById("prev-place").addEventListener("click", () => go(shown.place - 1));
  document.getElementById("next-place").addEventListener("click", () => go(shown.place + 1));
  const sift = () => {
    const word = document.getElementById("find").value.trim().toLowerCase(), only = document.getElementById("only").value;
    for (const a of rows.querySelectorAll(".row-link")) {
      const fits = (!word || a.textContent.toLowerCase().includes(word)) && (!only || (only === "open") === (a.dataset.state === "open"));
      a.parentElement.hidden = !fits;
    }
    for (const list of rows.querySelectorAll("ul")) {
      const none = ![...list.children].some((li) => !li.hidden); list.hidden = none;
      if (list.previousElementSibling && list.previousElementSibling.tagName === "H3") list.previousElementSibling.hidden = none;
    }
  };
  document.getElementById("find").addEventListener("input", sift);
  document.getElementById("only").addEventListener("change", sift);
  for (const button of document.querySelectorAll("dialog [data-close]")) button.addEventListener("click", () => button.closest("dialog").close());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const field = event.target.closest("input, textarea, select");
    if (field) {
      if (event.key === "Escape") { field.blur(); show(""); }
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && field.closest('[data-form="dismiss"]')) { event.preventDefault(); field.form.requestSubmit(); }
      return;
    }
    if (desk.dataset.keys !== "on") return;
    const keys = {
      j: () => step(1), k: () => step(-1), n: nextOpen, a: () => decide("confirm", {}), e: () => show("amend"), d: () => show("dismiss"),
      u: undo, s: mark, o: own, "/": () => document.getElementById("find").focus(), "?": () => document.getElementById("help").showModal(),
    };
    if (/^[1-9]$/.test(event.key)) { if (Number(event.key) <= jumps().length) go(Number(event.key) - 1); } else if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });

  open(location.hash.slice(1) || desk.dataset.first);
})();
