"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const tabs = [...document.querySelectorAll("[data-tab]")];
  const panels = [...document.querySelectorAll("[data-panel]")];
  const show = (name) => {
    panels.forEach((p) => { p.hidden = p.dataset.panel !== name; });
    tabs.forEach((t) => t.setAttribute("aria-selected", t.dataset.tab === name));
  };
  tabs.forEach((t) => t.addEventListener("click", () => show(t.dataset.tab)));
  if (tabs.length) show(tabs[0].dataset.tab);
  const language = document.getElementById("language");
  language.addEventListener("click", () => {
    const english = root.dataset.language !== "en";
    root.dataset.language = english ? "en" : "zh";
    root.lang = english ? "en" : "zh-CN";
    language.textContent = english ? "中文" : "English";
  });
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  document.getElementById("print").addEventListener("click", () => print());
})();
