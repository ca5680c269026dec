// The latest decisions. The list holds still while it is pointed at, read with the keyboard, or opened.

import { thumb } from "./art.js";
import { byId, el } from "./dom.js";
import { nameOf, percent, sourceInWords } from "./words.js";

let latest = null;
let shown = "";

/** Show the decisions of a report, as the filter asks. */
export function showDecisions(report) {
  latest = report;
  fillFilter(report.variants.map(({ variant }) => variant));
  if (!isHeld()) paint();
}

const isHeld = () => byId("decisions").matches(":hover, :focus, :focus-within, :has(details[open])");

function fillFilter(names) {
  const select = byId("filter");
  const known = [...select.options].map(({ value }) => value);
  select.append(...names.filter((name) => !known.includes(name)).map((name) => el("option", { value: name }, name)));
}

function paint() {
  const wanted = byId("filter").value;
  const decisions = latest.decisions.filter(({ variant }) => wanted === "" || variant === wanted);
  const state = wanted + decisions.map(({ recommendation_id: id }) => id).join();
  if (state === shown) return;
  shown = state;
  const lines = decisions.length > 0 ? decisions.map(line) : [nothing(wanted)];
  byId("decisions").replaceChildren(...lines);
}

function nothing(wanted) {
  const text = wanted === "" ? "No slate has been served yet." : `None of the latest slates was served by ${wanted}.`;
  return el("li", { class: "none" }, text);
}

function line(decision) {
  const names = latest.variants.map(({ variant }) => variant);
  const place = Math.max(0, names.indexOf(decision.variant));
  return el("li", { class: `decision v${place % 4}` },
    el("header", {},
      el("b", {}, el("span", { class: "key" }), decision.variant),
      el("span", { class: "number" }, new Date(decision.timestamp * 1000).toLocaleTimeString("en-GB")),
      el("span", {}, whoOf(decision)),
      el("span", { class: "number" }, `exploration ${percent(decision.exploration)}`)),
    el("p", { class: "reason" }, decision.explanation),
    el("div", { class: "thumbs", "aria-hidden": "true" }, decision.items.map((item) =>
      el("span", { class: item.explored ? "tried" : "", title: nameOf(item) }, thumb(item)))),
    el("details", {}, el("summary", {}, summaryOf(decision.items)), el("ol", { class: "items" }, decision.items.map(itemLine))));
}

function whoOf({ user_id: user, session_id: session }) {
  return user === null ? `session ${String(session ?? "").slice(0, 14)}` : `customer ${user}`;
}

function summaryOf(items) {
  const tried = items.filter(({ explored }) => explored).length;
  return `${items.length} products, ${tried} explored`;
}

function itemLine(item, place) {
  return el("li", {},
    el("span", { class: "soft number" }, String(place + 1)),
    el("span", {}, nameOf(item), item.explored ? el("span", { class: "tried" }, " · explored") : null),
    el("span", { class: "soft" }, sourceInWords(item.source)),
    el("span", { class: "number" }, percent(item.propensity)));
}

byId("filter").addEventListener("change", () => latest !== null && paint());
