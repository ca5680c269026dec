// The table of the experiment's arms, with intervals drawn on one scale.

import { el, svg } from "./dom.js";
import { decimal, money, percent, whole } from "./words.js";

const HEADS = ["Variant", "Slates", "Reward per slate", "", "95 % interval", "Click rate", "Purchase rate", "Revenue per 1,000", "Explored"];

/** Show the table of a report. */
export function showVariants(table, { variants, currency }) {
  const top = Math.max(...variants.map(({ high, reward_per_slate: mean }) => high ?? mean ?? 0), 1e-9) * 1.05;
  const head = el("thead", {}, el("tr", {}, HEADS.map((text) => el("th", { scope: "col" }, text))));
  table.replaceChildren(head, el("tbody", {}, variants.map((variant, place) => row(variant, place, top, currency))));
}

function row(variant, place, top, currency) {
  const { reward_per_slate: mean, low, high } = variant;
  return el("tr", { class: `v${place % 4}` },
    el("th", { scope: "row" }, el("span", { class: "key" }), variant.variant, el("small", {}, variant.policy)),
    cell(whole(variant.slates)),
    el("td", {}, el("b", {}, decimal(mean))),
    el("td", { class: "whisker" }, mean === null ? "" : whisker(variant, top)),
    cell(low === null ? "–" : `${decimal(low)} to ${decimal(high)}`),
    cell(percent(variant.click_rate)),
    cell(percent(variant.purchase_rate)),
    cell(money(variant.revenue_per_1000, currency, { maximumFractionDigits: 0 })),
    cell(percent(variant.explored_share)));
}

const cell = (text) => el("td", {}, text);

function whisker({ reward_per_slate: mean, low, high }, top) {
  const x = (value) => Math.max(0, (value / top) * 100);
  const ends = low === null ? "" : `M${x(low)} 13H${x(high)}M${x(low)} 8V18M${x(high)} 8V18`;
  return svg("svg", { viewBox: "0 0 100 26", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { x: 0, y: 6, width: x(mean), height: 14 }), svg("path", { d: ends }));
}
