// The dashboard: asks for the figures each second while it is looked at, and says when nobody answers.

import { exploration, figures } from "./api.js";
import { showBudget } from "./budget.js";
import { chart } from "./chart.js";
import { showDecisions } from "./decisions.js";
import { byId } from "./dom.js";
import { showTiles } from "./tiles.js";
import { showUnknown } from "./unknown.js";
import { showVariants } from "./variants.js";
import { decimal, duration, money, percent } from "./words.js";

const EVERY = 1000;
const LEADS = {
  reward: "Reward per slate: what each click, favourite, basket and purchase is worth, added up.",
  revenue: "Revenue per 1,000 slates, in the shop’s currency.",
};

let series = "reward";
let latest = null;
let timer = null;

const earned = chart(byId("reward-chart"), { height: 300, label: "What a slate earns over time" });
const explored = chart(byId("explored-chart"), { height: 140, label: "Share of explored impressions over time" });

async function poll() {
  try {
    const [report, spending] = await Promise.all([figures(), exploration()]);
    latest = report;
    show();
    showBudget(spending);
    setLive("on", "Live");
    byId("away").hidden = true;
  } catch (error) {
    setLive("off", "Away");
    showAway(error);
  }
  timer = document.hidden ? null : setTimeout(poll, EVERY);
}

function setLive(state, text) {
  byId("live").dataset.state = state;
  if (byId("live-text").textContent !== text) byId("live-text").textContent = text;
}

function showAway(error) {
  const since = latest === null ? "" : ` The figures below are from ${new Date(latest.now * 1000).toLocaleTimeString()}.`;
  const text = `${error.message} Asking again each second.${since}`;
  if (byId("away").textContent !== text) byId("away").textContent = text;
  byId("away").hidden = false;
}

function show() {
  byId("intro").textContent = introOf(latest);
  showTiles(byId("tiles"), latest);
  showCharts();
  showVariants(byId("variants"), latest);
  showUnknown(byId("unknown"), latest);
  showDecisions(latest);
}

function introOf({ totals, uptime_seconds: uptime }) {
  if (totals.slates > 0) return `Up ${duration(uptime)}. Every figure counts only what slates led to.`;
  return "No slate has been served yet: open the shop, or let shoppers in, and the figures begin to move.";
}

function showCharts() {
  byId("reward-lead").textContent = LEADS[series];
  const { currency } = latest;
  const format = series === "reward" ? (value) => decimal(value) : (value) => money(value, currency, { maximumFractionDigits: 0 });
  earned(latest, series, format);
  const main = latest.variants.slice(0, 1);
  explored({ ...latest, variants: main }, "explored", percent);
}

for (const button of document.querySelectorAll("[data-series]")) {
  button.addEventListener("click", () => {
    series = button.dataset.series;
    for (const each of document.querySelectorAll("[data-series]")) each.setAttribute("aria-pressed", String(each === button));
    if (latest !== null) showCharts();
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    clearTimeout(timer);
    timer = null;
  } else if (timer === null) poll();
});
poll();
