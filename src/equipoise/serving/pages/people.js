// The menu of visitors: somebody new, or a customer the shop knows.

import { userOf } from "./api.js";
import { byId, el } from "./dom.js";
import { become, sampleIds, userId, visitorName } from "./visitor.js";
import { counted } from "./words.js";

/** Fill the menu and call `changed` whenever another visitor is chosen. */
export function setUpPeople(changed) {
  const menu = byId("visitor");
  const choose = (id) => {
    become(id);
    menu.open = false;
    showWho();
    changed();
  };
  menu.addEventListener("toggle", () => menu.open && list(choose));
  byId("other").addEventListener("submit", (event) => {
    event.preventDefault();
    choose(byId("other-id").value.trim() || null);
    byId("other-id").value = "";
  });
  closeOutside(menu);
  showWho();
}

function closeOutside(menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function showWho() {
  byId("who").textContent = visitorName();
  byId("face").textContent = faceOf(userId());
}

const faceOf = (id) => (id === null ? "?" : String(id).slice(-2));

function list(choose) {
  const people = [null, ...sampleIds()].map((id) => person(id, choose));
  byId("visitors").replaceChildren(...people);
}

function person(id, choose) {
  const about = el("small", {}, id === null ? "Nothing known: a fresh session" : "A customer of the shop");
  if (id !== null) describe(id, about);
  return el("button", {
    class: "person", type: "button", "aria-pressed": String(id === userId()), onclick: () => choose(id),
  }, el("span", { class: "face" }, faceOf(id)),
  el("span", {}, el("b", {}, id === null ? "New visitor" : `Customer ${id}`), about));
}

async function describe(id, about) {
  const user = await userOf(id).catch(() => null);
  if (user === null) return;
  const purchases = user.counts?.purchase ?? 0;
  about.textContent = purchases > 0 ? `${counted(purchases, "item")} bought before` : "Nothing known yet";
}
