// The drawer of one product, with what goes with it.

import { itemsOf, recommend } from "./api.js";
import { picture } from "./art.js";
import { card, heart, reasons } from "./card.js";
import { byId, el, icon } from "./dom.js";
import { shown, watch } from "./happenings.js";
import { raiseNotes } from "./notes.js";
import { identity } from "./visitor.js";
import { money, nameOf } from "./words.js";

const CROSS = ["M6 6l12 12", "M18 6L6 18"];
let stopWatching = () => {};

/** The bar on top of a drawer, with its close button. */
export function bar(dialog, text) {
  const close = el("button", { class: "round", type: "button", "aria-label": "Close", onclick: () => dialog.close() },
    icon(...CROSS));
  return el("div", { class: "bar" }, el("span", { class: "soft" }, text), close);
}

/** Open a drawer, keeping the notes above it. */
export function reveal(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  raiseNotes();
}

/** Open the drawer of a thing; `actions` are open, love, isLoved, add(thing) and buy(thing). */
export async function openProduct(thing, actions) {
  const dialog = byId("product");
  const { item, choice } = thing;
  const list = el("ul", { class: "similar" });
  dialog.replaceChildren(
    bar(dialog, "Product"),
    el("div", { class: "inside product" },
      el("div", { class: "picture" }, picture(item)),
      el("h2", { id: "product-title" }, nameOf(item)),
      el("p", { class: "product-price number" }, money(item.price, item.currency)),
      buttons(thing, actions),
      reasons(choice),
      el("section", { "aria-label": "Similar products" }, el("h3", {}, "Similar products"), list)));
  reveal(dialog);
  await fillSimilar(list, item, actions);
}

function buttons(thing, actions) {
  return el("div", { class: "buttons" },
    el("button", { class: "button main", type: "button", onclick: () => actions.add(thing) }, "Add to basket"),
    el("button", { class: "button", type: "button", onclick: () => actions.buy(thing) }, "Buy now"),
    heart(thing, actions));
}

async function fillSimilar(list, item, actions) {
  stopWatching();
  const slate = await recommend({ ...identity(), surface: "product", k: 6, item_id: item.item_id });
  const items = await itemsOf(slate.items.map((choice) => choice.item_id));
  const open = { open: actions.open };
  const cards = slate.items.map((choice) => card(shown(items.get(choice.item_id), choice, slate), open));
  list.replaceChildren(...(cards.length > 0 ? cards : [el("li", { class: "soft" }, "Nothing similar is known yet.")]));
  stopWatching = list.isConnected ? watch(slate, cards) : () => {};
}
