// What the visitor does, as events that name the slate and the position that led to it.

import { tell } from "./api.js";
import { identity } from "./visitor.js";

/** A shown item: the item, its choice and the slate it is on. */
export const shown = (item, choice, slate) => ({ item, choice, recommendation_id: slate.recommendation_id });

/** Tell that something was done with a shown item. */
export const did = (event_type, thing, more = {}) => tell([{ ...eventOf(event_type, thing), ...more }]);

/** Tell that all lines of a basket were bought. */
export const bought = (lines) =>
  tell(lines.map(({ thing, quantity }) => ({ ...eventOf("purchase", thing), ...worth(thing.item, quantity) })));

function eventOf(event_type, { item, choice, recommendation_id }) {
  return { event_type, ...identity(), item_id: item.item_id, recommendation_id, position: choice.position };
}

function worth({ price, currency }, quantity) {
  if (price === null || price === undefined) return { quantity };
  const value = Math.round(price * quantity * 100) / 100;
  return currency ? { quantity, value, currency } : { quantity, value };
}

/** Watch the cards of a slate and tell how far down it was seen, each position once. Returns a stop function. */
export function watch(slate, cards) {
  let [told, seen] = [-1, -1];
  let timer = null;
  const report = () => {
    timer = null;
    if (seen <= told) return;
    told = seen;
    const { recommendation_id } = slate;
    tell([{ event_type: "impression", ...identity(), recommendation_id, position: seen }]).catch(() => {});
  };
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) seen = Math.max(seen, cards.indexOf(entry.target));
    timer ??= setTimeout(report, 400);
  }, { threshold: 0.5 });
  cards.forEach((card) => observer.observe(card));
  return () => {
    observer.disconnect();
    clearTimeout(timer);
    report();
  };
}
