// The tiles: the main policy's figures, each beside the one it should beat.

import { el } from "./dom.js";
import { decimal, duration, money, percent, whole } from "./words.js";

/** Show the tiles of a report. */
export function showTiles(host, report) {
  const { totals, policy, variants, currency } = report;
  const [main, ...others] = variants;
  const short = { maximumFractionDigits: 0 };
  host.replaceChildren(
    tile("Click rate", percent(main.click_rate), ...against(main, others, "click_rate", percent)),
    tile("Purchase rate", percent(main.purchase_rate), ...against(main, others, "purchase_rate", percent)),
    tile("Revenue per 1,000 slates", money(main.revenue_per_1000, currency, short),
      ...against(main, others, "revenue_per_1000", (value) => money(value, currency, short))),
    tile("Explored share", percent(main.explored_share), "of what was shown"),
    tile("Slates", whole(totals.slates), `${whole(totals.impressions)} products shown`),
    tile("Events", whole(totals.events), `${whole(totals.clicks)} clicks, ${whole(totals.purchases)} purchases`),
    tile("Policy version", whole(policy.version), ageOf(policy)));
}

function ageOf({ name, updated_seconds_ago: seconds }) {
  return `${name}, learned ${seconds < 60 ? `${decimal(seconds, 1)} s` : duration(seconds)} ago`;
}

function tile(term, figure, ...beside) {
  return el("div", { class: "tile" }, el("dt", {}, term),
    el("dd", { class: "figure number" }, figure), el("dd", { class: "beside number" }, beside));
}

/** The same figure of the first other variant that has one, and how far the main one is from it. */
function against(main, others, name, format) {
  const other = others.find((each) => each[name] !== null);
  if (other === undefined || main[name] === null) return ["waiting for slates"];
  const words = `${other.variant} (${format(other[name])})`;
  const change = other[name] > 0 ? Math.round((main[name] / other[name] - 1) * 100) : 0;
  if (change === 0) return [`beside ${words}`];
  const sign = change > 0 ? "+" : "−";
  return [el("span", { class: change > 0 ? "up" : "down" }, `${sign}${Math.abs(change)}\u00a0%`), ` against ${words}`];
}
