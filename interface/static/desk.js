// What scripts add to pages that work without them: nothing typed is lost, lists go by keyboard, lines can be added.
"use strict";

// Drafts: a form with data-draft is kept on this PC until it is recorded.  Secrets and files are never kept.
const DRAFTS = "draft:", KEPT_DAYS = 7, NEVER = new Set(["csrf_token", "seen", "command", "list"]);
const keep = (form) => {
  const said = [];
  for (const field of form.elements) {
    if (!field.name || NEVER.has(field.name) || ["password", "file", "hidden", "submit"].includes(field.type) || field.name.startsWith("contact-")) continue;
    if (field.type === "checkbox" || field.type === "radio") said.push([field.name, field.value, field.checked]);
    else said.push([field.name, field.value]);
  }
  try { localStorage.setItem(DRAFTS + form.dataset.draft, JSON.stringify({ at: Date.now(), said })); } catch { /* the disk is full: typing goes on */ }
};
const restore = (form) => {
  const kept = localStorage.getItem(DRAFTS + form.dataset.draft);
  if (!kept || form.querySelector(".wrong")) return; // what came back from the office stands as it is
  const { at, said } = JSON.parse(kept);
  if (Date.now() - at > KEPT_DAYS * 864e5) return localStorage.removeItem(DRAFTS + form.dataset.draft);
  for (const [name, value, checked] of said) {
    const fields = [...form.elements].filter((field) => field.name === name);
    const field = fields.find((each) => each.type !== "checkbox" && each.type !== "radio" || each.value === value);
    if (!field) continue;
    if (checked === undefined) field.value = value; else field.checked = checked;
  }
  tell(document.documentElement.lang === "en" ? "Restored what you had typed." : "已恢复您先前填写的内容。");
};
// Signing out is leaving the PC to others: what was not recorded is not left behind, and the officer is asked first.
const leave = (form) => form.addEventListener("submit", (event) => {
  const mine = Object.keys(localStorage).filter((name) => name.startsWith(`${DRAFTS}${form.dataset.officer}:`));
  if (mine.length && !confirm(form.dataset.unsent)) return event.preventDefault();
  mine.forEach((name) => localStorage.removeItem(name));
});
const forget = (name) => localStorage.removeItem(DRAFTS + name);
const tell = (text) => { const told = document.getElementById("told"); if (told) told.textContent = text; };

const ready = (root) => {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", () => { keep(form); sessionStorage.setItem("sent", form.dataset.draft); });
  }
  for (const form of root.querySelectorAll("form[data-unsent]")) leave(form);
  for (const rows of root.querySelectorAll("[data-rows]")) addable(rows);
  for (const button of root.querySelectorAll("[data-print]")) { button.hidden = false; button.onclick = () => print(); }
  for (const details of root.querySelectorAll("[data-open-wide]")) details.open = innerWidth > 1100;
};

// Lines of a form that can be added: the last one again, empty, under the next number.
const addable = (rows) => {
  const button = rows.querySelector("[data-add]");
  button.hidden = false;
  button.onclick = () => {
    const all = rows.querySelectorAll("[data-row]"), last = all[all.length - 1], next = last.cloneNode(true), n = all.length;
    for (const field of next.querySelectorAll("[name], [id], [for]")) {
      for (const name of ["name", "id", "for"]) if (field.hasAttribute(name)) field.setAttribute(name, field.getAttribute(name).replace(/-\d+-/, `-${n}-`));
      if ("value" in field && field.type !== "checkbox" && field.type !== "radio") field.value = "";
      if (field.checked) field.checked = false;
    }
    next.setAttribute("aria-label", next.getAttribute("aria-label").replace(/\d+$/, n + 1));
    last.after(next);
    next.querySelector("input, select, textarea")?.focus();
  };
};

// Recorded: the page that says so forgets the draft.
if (document.querySelector(".alert-success") && sessionStorage.getItem("sent")) { forget(sessionStorage.getItem("sent")); sessionStorage.removeItem("sent"); }

document.addEventListener("htmx:after:swap", (event) => {
  const part = document.getElementById("act");
  if (part && event.detail?.ctx?.target !== undefined && part.childElementCount) { ready(part); (part.querySelector("[aria-invalid], .is-invalid") ?? part.querySelector("input:not([type=hidden]), select, textarea"))?.focus(); }
});
document.addEventListener("htmx:error", () => tell(document.documentElement.lang === "en" ? "The office did not answer; what you typed is kept. Try again." : "系统未应答;您填写的内容已保留,请重试。"));

// The keyboard
let went = false;
const lines = () => [...document.querySelectorAll("[data-lines] tbody tr")].filter((line) => line.querySelector("a"));
const step = (by) => {
  const link = document.querySelector(`a[data-key="${by > 0 ? "j" : "k"}"]`);
  if (link) return link.click();
  const all = lines(), at = all.findIndex((line) => line.classList.contains("at")), to = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!to) return;
  all[at]?.classList.remove("at");
  to.classList.add("at");
  to.querySelector("a").focus();
};
const GO = { h: "/", c: "/cases", i: "/intake" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  if (went && GO[event.key]) { location.href = GO[event.key]; return; }
  went = event.key === "g";
  if (event.key === "/") { document.querySelector('[data-key="/"]')?.focus(); event.preventDefault(); }
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") location.href = "/keys";
});

ready(document);
