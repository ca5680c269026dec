// What the policy knows least about.

import { thumb } from "./art.js";
import { el } from "./dom.js";
import { decimal, nameOf, whole } from "./words.js";

let shown = "";

/** Show the least known items of a report; the list is only touched when it has changed. */
export function showUnknown(host, { least_known: items }) {
  const state = JSON.stringify(items);
  if (state === shown) return;
  shown = state;
  const widest = Math.max(...items.map(({ deviation }) => deviation), 1e-9);
  host.replaceChildren(...(items.length > 0 ? items.map((item) => line(item, widest)) : [nothing()]));
}

function line(item, widest) {
  return el("li", {},
    thumb(item),
    el("b", { title: nameOf(item) }, nameOf(item)),
    el("span", { class: "soft number" }, `±${decimal(item.deviation)} · seen ${whole(item.impressions)} of ${whole(item.considered)}`),
    el("meter", { min: 0, max: widest, value: item.deviation, "aria-label": `Deviation of ${nameOf(item)}` }));
}

const nothing = () => el("li", { class: "none" }, "Nothing to show: the policy keeps no doubt of its own, or no products are known yet.");
