// Building elements without markup: text is only ever text, so that no title can become script.

const SVG = "http://www.w3.org/2000/svg";

/** Make an HTML element; `on…` names become listeners, false and null attributes are left out. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Find the one element with this id. */
export const byId = (id) => document.getElementById(id);

/** A line icon from path data in a box of 24. */
export function icon(...paths) {
  const strokes = paths.map((d) => svg("path", { d }));
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, strokes);
}
