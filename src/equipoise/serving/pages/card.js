// One product of a slate, as a card that can say why it is there.

import { picture } from "./art.js";
import { el, icon } from "./dom.js";
import { chanceInWords, decimal, money, nameOf, sourceInWords } from "./words.js";

const HEART = "M12 20C5 15 3 11.5 3 8.5 3 6 5 4 7.5 4 9.5 4 11.2 5.3 12 7c.8-1.7 2.5-3 4.5-3C19 4 21 6 21 8.500c0 3-2 6.5-9 11.500z";

/** Make the card of a shown item; `actions` are open(thing) and love(thing). */
export function card(thing, actions, { isNew = false } = {}) {
  const { item, choice } = thing;
  const element = el(
    "li",
    { class: isNew ? "card new" : "card", "data-item": item.item_id, "data-position": choice.position },
    el("button", { class: "open", type: "button", onclick: () => actions.open(thing) },
      el("span", { class: "picture" }, picture(item)),
      el("span", { class: "name" }, nameOf(item))),
    choice.explored ? el("span", { class: "trying", title: "Shown to learn" }, "Trying") : null,
    actions.love ? heart(thing, actions) : null,
    el("div", { class: "under" },
      el("span", { class: "price number" }, money(item.price, item.currency)),
      el("details", { class: "why", name: "why" },
        el("summary", { "aria-label": `Why ${nameOf(item)}?` }, "why?"),
        reasons(choice))),
  );
  element.style.setProperty("--place", choice.position);
  return element;
}

/** A button that makes an item a favourite. */
export function heart(thing, { love, isLoved }) {
  const button = el("button", {
    class: "round love",
    type: "button",
    "aria-label": `Favourite: ${nameOf(thing.item)}`,
    "aria-pressed": String(isLoved(thing)),
    onclick: () => {
      if (button.getAttribute("aria-pressed") === "true") return;
      button.setAttribute("aria-pressed", "true");
      love(thing);
    },
  }, icon(HEART));
  return button;
}

/** Why a choice is on its slate, in words and in numbers. */
export function reasons(choice) {
  return el("div", { class: choice.explored ? "reasons try" : "reasons" },
    el("p", {}, `${sourceInWords(choice.source)}.`),
    el("p", {}, `${chanceInWords(choice)}.`),
    el("p", { class: "numbers number" },
      el("span", {}, `propensity ${decimal(choice.propensity, 4)}`),
      el("span", {}, `score ${decimal(choice.score)}`),
      el("span", {}, `position ${choice.position + 1}`)));
}
