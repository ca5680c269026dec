// A small line chart: a bold running mean over the faint raw values, with marks and a cross-hair.

import { el, svg } from "./dom.js";

const ABOUT = 5;
const [TOP, BOTTOM, LEFT, RIGHT] = [26, 28, 58, 10];

/** Make a chart in `host`; returns draw(report, which series, format). */
export function chart(host, { height, label }) {
  const legend = el("ul", { class: "legend" });
  const canvas = svg("svg", { height, role: "img", "aria-label": label });
  const waiting = el("p", { class: "waiting" }, "The line begins a few seconds after the first slates.");
  const plot = el("div", {}, waiting, canvas);
  const state = { data: null, at: null };
  host.className = "chart";
  host.append(legend, plot);
  const paint = () => state.data !== null && paintChart({ legend, waiting, canvas, state, height });
  new ResizeObserver(paint).observe(plot);
  plot.addEventListener("pointermove", (event) => { state.at = event.clientX - plot.getBoundingClientRect().left; paint(); });
  plot.addEventListener("pointerleave", () => { state.at = null; paint(); });
  return (report, which, format) => {
    state.data = dataOf(report, which, format);
    paint();
  };
}

/** The lines of a report; the running bucket is left out, for its rewards are still on their way. */
function dataOf({ series, marks, variants }, which, format) {
  const seconds = series.seconds.slice(0, -1);
  const lines = variants.map(({ variant }, place) => {
    const raw = (series.variants[variant]?.[which] ?? []).slice(0, -1);
    return { variant, place, raw, smooth: running(raw) };
  }).filter(({ raw }) => raw.some((value) => value !== null));
  return { seconds, lines, marks, format };
}

/** The mean of each value and its neighbours; nothing where the value itself is missing. */
export function running(values, about = ABOUT) {
  const half = Math.floor(about / 2);
  return values.map((value, i) => {
    if (value === null) return null;
    const near = values.slice(Math.max(0, i - half), i + half + 1).filter((each) => each !== null);
    return near.reduce((sum, each) => sum + each, 0) / near.length;
  });
}

function paintChart({ legend, waiting, canvas, state, height }) {
  const { seconds, lines, marks, format } = state.data;
  const isEmpty = lines.length === 0 || seconds.length < 2;
  waiting.hidden = !isEmpty;
  canvas.toggleAttribute("hidden", isEmpty);
  if (isEmpty) return legend.replaceChildren();
  const scale = scaleOf(canvas.parentElement.clientWidth, height, seconds, lines);
  const at = state.at === null ? seconds.length - 1 : nearest(seconds, scale, state.at);
  canvas.setAttribute("viewBox", `0 0 ${scale.width} ${height}`);
  canvas.replaceChildren(...[
    levels(scale, format),
    times(scale, seconds, height),
    lines.map((line) => svg("path", { class: `raw v${line.place % 4}`, d: pathOf(line.raw, seconds, scale) })),
    [...lines].reverse().map((line) => svg("path", { class: `line v${line.place % 4}`, d: pathOf(line.smooth, seconds, scale) })),
    marksOf(marks, seconds, scale, height),
    state.at === null ? [] : crossHair(lines, seconds, at, scale, height),
  ].flat());
  return showLegend(legend, lines, at, format);
}

function scaleOf(width, height, seconds, lines) {
  const values = lines.flatMap(({ smooth }) => smooth.filter((value) => value !== null));
  const step = niceStep((Math.max(...values, 0) - Math.min(...values, 0)) / 3.5 || 0.1);
  const low = Math.floor(Math.min(...values, 0) / step) * step;
  const high = Math.max(Math.ceil((Math.max(...values, 0) * 1.04) / step) * step, low + step);
  const [first, last] = [seconds[0], seconds.at(-1)];
  const x = (time) => LEFT + ((time - first) / (last - first)) * (width - LEFT - RIGHT);
  const y = (value) => TOP + ((high - value) / (high - low)) * (height - TOP - BOTTOM);
  return { width, x, y, low, high, step, first, last };
}

/** The round number (1, 2 or 5 times a power of ten) just above a rough step. */
export function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((each) => each * power >= rough * 0.999);
}

function levels({ width, y, low, high, step }, format) {
  const count = Math.round((high - low) / step);
  return Array.from({ length: count + 1 }, (_, i) => low + i * step).map((value) => svg("g", {},
    svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: Math.round(y(value)) + 0.5, y2: Math.round(y(value)) + 0.5 }),
    svg("text", { x: LEFT - 10, y: y(value) + 4, "text-anchor": "end" }, format(value))));
}

function times({ width, x, first, last }, seconds, height) {
  const room = Math.max(2, Math.floor((width - LEFT) / 110));
  const step = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400].find((each) => (last - first) / each <= room) ?? 86400;
  const options = step < 60 ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { hour: "2-digit", minute: "2-digit" };
  const start = Math.ceil(first / step) * step;
  const ticks = Array.from({ length: Math.floor((last - start) / step) + 1 }, (_, i) => start + i * step);
  return ticks.filter((time) => x(time) < width - 24).map((time) =>
    svg("text", { x: x(time), y: height - 6, "text-anchor": "middle" }, new Date(time * 1000).toLocaleTimeString("en-GB", options)));
}

function pathOf(values, seconds, { x, y, low, high }) {
  let pen = "M";
  return values.map((value, i) => {
    if (value === null) {
      pen = "M";
      return "";
    }
    const clipped = Math.min(high, Math.max(low, value));
    const point = `${pen}${x(seconds[i]).toFixed(1)} ${y(clipped).toFixed(1)}`;
    pen = "L";
    return point;
  }).join("");
}

function marksOf(marks, seconds, { x, first, last, width }, height) {
  return marks.filter(({ time }) => time >= first && time <= last).map(({ time, label }) => {
    const place = x(time);
    const anchor = place > width * 0.8 ? "end" : place < width * 0.15 ? "start" : "middle";
    return svg("g", { class: "mark" },
      svg("line", { x1: place, x2: place, y1: TOP - 6, y2: height - BOTTOM }),
      svg("text", { x: place, y: TOP - 12, "text-anchor": anchor }, label));
  });
}

function nearest(seconds, { x }, at) {
  return seconds.reduce((best, time, i) => (Math.abs(x(time) - at) < Math.abs(x(seconds[best]) - at) ? i : best), 0);
}

function crossHair(lines, seconds, at, { x, y }, height) {
  const place = x(seconds[at]);
  const points = lines.filter(({ smooth }) => smooth[at] !== null && smooth[at] !== undefined);
  return [
    svg("line", { class: "cross", x1: place, x2: place, y1: TOP, y2: height - BOTTOM }),
    points.map((line) => svg("circle", { class: `at v${line.place % 4}`, cx: place, cy: y(line.smooth[at]), r: 4.5 })),
  ].flat();
}

function showLegend(legend, lines, at, format) {
  legend.replaceChildren(...lines.map(({ variant, place, smooth }) => {
    const value = smooth[at] ?? smooth.findLast((each) => each !== null);
    return el("li", { class: `v${place % 4}` }, el("span", { class: "key" }), `${variant} `, el("b", {}, format(value)));
  }));
}
