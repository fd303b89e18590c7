"use strict";
// Small things every page needs: copy, selects that submit, questions before grave steps, uploads.
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    try { await navigator.clipboard.writeText(copy.dataset.copy); } catch {
      const area = document.createElement("textarea");
      area.value = copy.dataset.copy; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    const was = copy.textContent; copy.textContent = "✓"; setTimeout(() => { copy.textContent = was; }, 1200);
  }
  const ask = event.target.closest("[data-confirm]");
  if (ask && !window.confirm(ask.dataset.confirm)) event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

const drop = document.getElementById("drop");
if (drop) {
  const list = document.getElementById("uploads");
  const token = drop.querySelector("[name=csrfmiddlewaretoken]").value;
  let queue = Promise.resolve();

  const send = (file, path) => {
    const row = document.createElement("li");
    const name = document.createElement("span"); name.className = "file"; name.textContent = path;
    const bar = document.createElement("progress"); bar.max = file.size || 1; bar.value = 0; bar.setAttribute("aria-label", path);
    const word = document.createElement("span"); word.textContent = drop.dataset.wait;
    row.append(name, bar, word); list.append(row);
    queue = queue.then(() => new Promise((done) => {
      const body = new FormData(); body.append("file", file); body.append("path", path);
      const request = new XMLHttpRequest();
      request.open("POST", drop.dataset.url); request.setRequestHeader("X-CSRFToken", token);
      request.upload.onprogress = (e) => { bar.value = e.loaded; word.textContent = Math.round(e.loaded / (e.total || 1) * 100) + "%"; };
      request.upload.onload = () => { word.textContent = drop.dataset.checking; };
      request.onloadend = () => {
        let said = {}; try { said = JSON.parse(request.responseText); } catch { /* not JSON */ }
        if (request.status === 200) { word.textContent = drop.dataset.done; bar.value = bar.max; setTimeout(() => row.remove(), 2500); }
        else { row.className = "bad"; row.textContent = path + "：" + (said.error || drop.dataset.failed + " " + request.status); }
        done();
      };
      request.send(body);
    }));
  };
  const refresh = () => queue.then(async () => {
    const answer = await fetch(drop.dataset.part);
    if (answer.ok) document.getElementById("materials").innerHTML = await answer.text();
  });
  const walk = async (entry, into) => {
    if (entry.isFile) return new Promise((done) => entry.file((f) => { send(f, into + f.name); done(); }));
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done) => reader.readEntries(done));
      if (!some.length) return undefined;
      for (const each of some) await walk(each, into + entry.name + "/");
    }
  };
  for (const id of ["pick", "pick-folder"]) {
    document.getElementById(id).addEventListener("change", (event) => {
      for (const file of event.target.files) send(file, (file.webkitRelativePath || file.name).replace(/^[^/]+\/(?=.*)/, (m) => file.webkitRelativePath ? "" : m));
      event.target.value = ""; refresh();
    });
  }
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (e) => { e.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((i) => i.webkitGetAsEntry && i.webkitGetAsEntry()).filter(Boolean);
    if (entries.length) {
      for (const entry of entries) {
        if (entry.isDirectory && entries.length === 1) {
          const reader = entry.createReader();
          for (;;) { const some = await new Promise((d) => reader.readEntries(d)); if (!some.length) break; for (const e of some) await walk(e, ""); }
        } else await walk(entry, "");
      }
    } else for (const file of event.dataTransfer.files) send(file, file.name);
    refresh();
  });
}
