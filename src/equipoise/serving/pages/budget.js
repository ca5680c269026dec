// The exploration budget: what is spent of each limit, and what was refused and why.

import { byId, el } from "./dom.js";
import { counted, decimal, percent, whole } from "./words.js";

const MOST = 6;

/** Show what `GET /v1/exploration` answered. */
export function showBudget(spending) {
  byId("budget-lead").textContent = leadOf(spending);
  byId("spent").replaceChildren(...spentLines(spending));
  byId("refused").replaceChildren(...refusedLines(spending.refused));
}

function leadOf({ enabled, window, protected_surfaces: surfaces, guardrail }) {
  if (!enabled) return "Exploration is switched off: every slate is best guesses only.";
  const places = surfaces.length > 0 ? ` Never explored: ${surfaces.join(", ")}.` : "";
  return `Shares of the last ${whole(window)} impressions, all variants together.${places}${guardOf(guardrail)}`;
}

function guardOf(guardrail) {
  if (guardrail === null) return "";
  const { loss, reserve, price, may_explore: mayExplore } = guardrail;
  const now = mayExplore ? "so slates may explore" : "so every slate is best guesses for now";
  return ` Guardrail: exploring may cost ${percent(loss)} of what best guesses earn; ${decimal(Math.max(reserve, 0), 1)} is certainly left and a slate takes up to ${decimal(price, 1)}, ${now}.`;
}

function spentLines({ overall, surfaces, positions }) {
  const largest = Object.entries(surfaces).sort(([, a], [, b]) => b.impressions - a.impressions).slice(0, MOST);
  const busiest = positions.map((spent, place) => [`Position ${place + 1}`, spent]).filter(([, { limit }]) => limit < 1).slice(0, MOST);
  return [["Everything", overall], ...largest.map(([name, spent]) => [`On ${name}`, spent]), ...busiest].map(spentLine);
}

function spentLine([name, { explored, impressions, share, limit }]) {
  const allowed = limit < 1 ? ` of ${percent(limit)}` : ", no limit";
  const told = share === null ? "nothing shown yet" : `${percent(share)}${allowed} · ${whole(explored)} of ${counted(impressions, "impression")}`;
  return el("li", {}, el("span", {}, name), el("span", { class: "soft number" }, told),
    el("meter", { min: 0, max: Math.max(limit, 1e-9), value: share ?? 0, "aria-label": `Explored: ${name}` }));
}

function refusedLines(refused) {
  const lines = Object.values(refused).sort((a, b) => b.positions - a.positions);
  if (lines.length === 0) return [el("li", { class: "soft" }, "Nothing was refused since the start.")];
  return lines.map(({ positions, explanation }) =>
    el("li", {}, el("span", {}, explanation), el("span", { class: "number" }, counted(Math.round(positions), "position"))));
}
