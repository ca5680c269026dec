// The basket: kept for the tab, paid for with a purchase event a line.

import { picture } from "./art.js";
import { byId, el, icon } from "./dom.js";
import { bar, reveal } from "./panel.js";
import { money, nameOf } from "./words.js";

const KEY = "basket";
const BAG = ["M5 8h14l1 12H4z", "M9 10V7a3 3 0 0 1 6 0v3"];
let lines = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");

function keep(next) {
  lines = next;
  sessionStorage.setItem(KEY, JSON.stringify(lines));
  showCount();
}

/** Write how many products are in the basket. */
export function showCount() {
  byId("basket-count").textContent = String(lines.reduce((sum, line) => sum + line.quantity, 0));
}

/** Put one more of a thing in. */
export function put(thing) {
  const line = lines.find((each) => each.thing.item.item_id === thing.item.item_id);
  const others = lines.filter((each) => each !== line);
  keep([...others, line === undefined ? { thing, quantity: 1 } : { ...line, quantity: line.quantity + 1 }]);
}

/** Leave the basket empty. */
export const empty = () => keep([]);

/** Open the drawer; `actions` are drop(thing) and checkout(lines), each awaited. */
export function openBasket(actions) {
  const dialog = byId("basket");
  const again = () => openBasket(actions);
  const inside = lines.length === 0 ? [nothing()] : filled(actions, again);
  dialog.replaceChildren(bar(dialog, "Basket"), el("div", { class: "inside" }, inside));
  reveal(dialog);
}

function nothing() {
  return el("div", { class: "empty" }, icon(...BAG), el("h2", { id: "basket-title" }, "Nothing in it yet"),
    el("p", {}, "What you add waits here, for as long as this tab is open."));
}

function filled(actions, again) {
  const total = lines.reduce((sum, { thing, quantity }) => sum + (thing.item.price ?? 0) * quantity, 0);
  const { currency } = lines[0].thing.item;
  const pay = el("button", { class: "button main full", type: "button", onclick: () => settle(pay, actions, again) },
    `Check out ${money(total, currency)}`);
  return [
    el("h2", { id: "basket-title" }, "Your basket"),
    el("ul", { class: "lines" }, lines.map((line) => row(line, actions, again))),
    el("p", { class: "sum number" }, el("span", {}, "Total"), el("span", {}, money(total, currency))),
    pay,
  ];
}

async function settle(button, actions, again) {
  button.disabled = true;
  const paid = await actions.checkout(lines);
  button.disabled = false;
  if (paid) {
    empty();
    again();
  }
}

function row({ thing, quantity }, actions, again) {
  const { item } = thing;
  const drop = async () => {
    keep(lines.filter((line) => line.thing.item.item_id !== item.item_id));
    again();
    await actions.drop(thing);
  };
  return el("li", {},
    picture(item),
    el("div", {}, el("b", {}, nameOf(item)), el("br"),
      el("span", { class: "soft number" }, `${quantity} × ${money(item.price, item.currency)} `),
      el("button", { class: "drop", type: "button", "aria-label": `Remove ${nameOf(item)}`, onclick: drop }, "Remove")),
    el("span", { class: "number" }, money((item.price ?? 0) * quantity, item.currency)));
}
