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
  try { localStorage.setItem(DRAFTS + form.dataset.draft, JSON.stringify({ at: Date.now(), day: form.dataset.today, said })); } catch { /* the disk is full: typing goes on */ }
};
// What the address decides is never restored, nor a day that was typed on another day than this.
const restore = (form) => {
  const kept = localStorage.getItem(DRAFTS + form.dataset.draft);
  if (!kept || "sent" in form.dataset) return; // what came back from the office stands as it is
  const { at, day, said } = JSON.parse(kept);
  if (Date.now() - at > KEPT_DAYS * 864e5) return localStorage.removeItem(DRAFTS + form.dataset.draft);
  const given = new Set(form.dataset.given.split(" ").filter(Boolean));
  if (day !== form.dataset.today) given.add("on");
  const changed = said.filter(([name, value, checked]) => {
    const fields = [...form.elements].filter((field) => field.name === name && !given.has(name));
    const field = fields.find((each) => each.type !== "checkbox" && each.type !== "radio" || each.value === value);
    if (!field || (checked === undefined ? field.value === value : field.checked === checked)) return false;
    if (checked === undefined) field.value = value; else field.checked = checked;
    return true;
  });
  if (changed.length) tell(told.dataset.restored, form);
};
// A draft that is thrown away leaves the form as the office made it.
const discard = (form, notice) => { forget(form.dataset.draft); form.reset(); notice.remove(); form.dispatchEvent(new Event("change", { bubbles: true })); };
// Signing out is leaving the PC to others: what was not recorded is not left behind, and the officer is asked first.
const leave = (form) => form.addEventListener("submit", (event) => {
  const mine = Object.keys(localStorage).filter((name) => name.startsWith(`${DRAFTS}${form.dataset.officer}:`));
  if (mine.length && !confirm(form.dataset.unsent)) return event.preventDefault();
  mine.forEach((name) => localStorage.removeItem(name));
});
const forget = (name) => localStorage.removeItem(DRAFTS + name);
const told = document.getElementById("told");
const tell = (text, form) => {
  told.textContent = text;
  if (!form) return;
  const notice = document.createElement("div"), button = document.createElement("button");
  notice.className = "restored";
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = told.dataset.discard;
  button.onclick = () => discard(form, notice);
  notice.append(text, " ", button);
  form.prepend(notice);
};

// A file that is too large is told before it is sent: the office would not read it.
const measured = (field) => field.addEventListener("change", () => {
  const large = [...field.files].some((file) => file.size > field.dataset.most), said = field.parentElement.querySelector("[data-large]") ?? document.createElement("div");
  if (large) { field.value = ""; said.className = "wrong"; said.dataset.large = ""; said.setAttribute("role", "alert"); said.textContent = field.dataset.tooLarge; field.after(said); } else said.remove();
});
// A paper is offered with those kinds of entry alone that a paper puts in writing.
const papered = (option) => {
  const form = option.closest("form"), kind = form.elements[option.dataset.toldBy], box = option.querySelector("input");
  let wanted = box.checked;
  const look = () => { const fits = option.dataset.kinds.split(" ").includes(kind?.value); option.hidden = !fits; box.checked = fits && wanted; };
  box.addEventListener("change", () => { wanted = box.checked; });
  form.addEventListener("change", look);
  look();
};

const seen = new WeakSet();
const ready = (root) => {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (seen.has(form)) continue;
    seen.add(form);
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", () => { keep(form); sessionStorage.setItem("sent", form.dataset.draft); });
  }
  for (const field of root.querySelectorAll("input[data-most]")) measured(field);
  for (const option of root.querySelectorAll("[data-kinds]")) papered(option);
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

// A fault stands above the page, in sight; an expired form is good again with the token that it brings.
const faulted = (fault) => {
  const token = fault.querySelector("[data-token]")?.dataset.token;
  if (token) for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  fault.focus();
  fault.scrollIntoView({ block: "nearest" });
};
document.addEventListener("htmx:after:swap", (event) => {
  const part = document.getElementById("act"), fault = document.getElementById("fault"), said = fault.firstElementChild;
  if (said && !seen.has(said)) { seen.add(said); return faulted(fault); }
  fault.replaceChildren();
  if (part && event.detail?.ctx?.target !== undefined && part.childElementCount) { ready(part); (part.querySelector("[aria-invalid], .is-invalid") ?? part.querySelector("input:not([type=hidden]), select, textarea"))?.focus(); }
});
document.addEventListener("htmx:error", () => tell(told.dataset.silent));

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
