// The shop: a slate for the visitor, and a new one after everything the visitor does.

import { itemsOf, recommend } from "./api.js";
import { empty, openBasket, put, showCount } from "./basket.js";
import { card } from "./card.js";
import { byId, el } from "./dom.js";
import { bought, did, shown, watch } from "./happenings.js";
import { guarded, note } from "./notes.js";
import { openProduct } from "./panel.js";
import { setUpPeople } from "./people.js";
import { identity } from "./visitor.js";
import { counted, nameOf, percent } from "./words.js";

const K = 12;
let asked = 0;
let onShow = new Set();
let stopWatching = () => {};
let looked = [];
const loved = new Set();

const actions = {
  open: (thing) => {
    guarded(() => openProduct(thing, actions));
    look(thing);
  },
  love: (thing) => {
    loved.add(thing.item.item_id);
    after(() => did("favourite", thing), `${nameOf(thing.item)} is a favourite.`);
  },
  isLoved: (thing) => loved.has(thing.item.item_id),
  add: (thing) => {
    put(thing);
    after(() => did("cart", thing, { quantity: 1 }), `${nameOf(thing.item)} is in your basket.`);
  },
  buy: (thing) => after(() => bought([{ thing, quantity: 1 }]), `You bought ${nameOf(thing.item)}.`),
  drop: (thing) => after(() => did("remove_from_cart", thing), `${nameOf(thing.item)} is out of your basket.`),
  checkout: (lines) => after(() => bought(lines), `Thank you: ${counted(lines.length, "product")} bought.`),
};

/** Send an event, say what happened and show the next slate. Returns whether it was taken. */
function after(send, said) {
  return guarded(async () => {
    await send();
    const changed = await refresh();
    note(changed === null ? said : `${said} ${freshness(changed)}`);
    return true;
  });
}

function freshness(changed) {
  if (changed === 0) return "Your suggestions stay.";
  return `${changed} of your ${onShow.size} suggestions ${changed === 1 ? "is" : "are"} new.`;
}

function look(thing) {
  looked = [thing, ...looked.filter((each) => each.item.item_id !== thing.item.item_id)].slice(0, 8);
  showTrail();
  after(() => did("click", thing), `You looked at ${nameOf(thing.item)}.`);
}

/** Ask for a slate and show it; returns how many items were not on the one before, null if overtaken. */
async function refresh() {
  const number = ++asked;
  byId("slate").setAttribute("aria-busy", "true");
  try {
    const slate = await recommend({ ...identity(), k: K });
    const items = await itemsOf(slate.items.map((choice) => choice.item_id));
    return number === asked ? show(slate, items) : null;
  } finally {
    if (number === asked) byId("slate").setAttribute("aria-busy", "false");
  }
}

function show(slate, items) {
  const isNew = (choice) => !onShow.has(choice.item_id);
  const changed = slate.items.filter(isNew).length;
  const cards = slate.items.map((choice) =>
    card(shown(items.get(choice.item_id), choice, slate), actions, { isNew: isNew(choice) }));
  onShow = new Set(slate.items.map((choice) => choice.item_id));
  stopWatching();
  byId("slate").replaceChildren(...(cards.length > 0 ? cards : [nothing()]));
  stopWatching = watch(slate, cards);
  showMade(slate);
  return changed;
}

const nothing = () => el("li", { class: "soft" }, "The catalogue is empty: PUT /v1/items fills it.");

function showMade(slate) {
  const trying = slate.items.filter((choice) => choice.explored).length;
  const sure = slate.items.length - trying;
  byId("slate-lead").textContent = `${counted(sure, "best guess", "best guesses")}, and ${trying} that we are trying`;
  byId("made-policy").textContent = slate.policy;
  byId("made-version").textContent = String(slate.policy_version);
  byId("made-exploration").textContent = percent(slate.exploration);
  byId("made-reason").textContent = slate.explanation;
  byId("made").hidden = false;
}

function showTrail() {
  byId("trail").hidden = looked.length === 0;
  byId("trail-items").replaceChildren(...looked.map((thing) => card(thing, { open: actions.open })));
}

function startAgain() {
  [onShow, looked] = [new Set(), []];
  loved.clear();
  empty();
  showTrail();
  guarded(refresh);
}

setUpPeople(startAgain);
showCount();
byId("open-basket").addEventListener("click", () => openBasket(actions));
byId("again").addEventListener("click", () => guarded(refresh));
addEventListener("pagehide", () => stopWatching());
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
guarded(refresh);
