// A picture for every product: drawn from its title's words and its id, the same each time.

import { el, svg } from "./dom.js";
import { EMBLEMS } from "./emblems.js";
import { motifOf } from "./motifs.js";
import { paletteOf } from "./palette.js";

/** Which words call for which drawing; earlier lines win, phrases count as one word. */
export const CALLS = [
  ["hotwater", "hot water bottle"], ["lunchbag", "lunch bag", "lunch box", "snack box", "snack boxes", "bento"],
  ["cakestand", "cakestand", "cake stand", "tier"], ["tlight", "t-light", "t-lights", "tealight"],
  ["cupcake", "cake cases", "cupcake", "muffin", "cupcakes", "cake case"], ["teapot", "teapot", "tea set", "tea cosy"],
  ["teacup", "teacup", "saucer", "cup"], ["clock", "clock", "alarm"], ["mug", "mug", "beaker", "tumbler", "mugs"],
  ["lantern", "lantern", "lanterns"], ["lights", "lights", "fairy lights", "string"], ["lamp", "lamp", "light", "lampshade"],
  ["bunting", "bunting", "pennant", "paper chain", "garland"], ["wreath", "wreath", "doilies"], ["bicycle", "bicycle", "bike"],
  ["purse", "purse"], ["wallet", "wallet", "passport", "card holder", "cover"], ["suitcase", "suitcase", "luggage", "travel"],
  ["tote", "bag", "bags", "shopper", "tote", "satchel"], ["umbrella", "umbrella"], ["parasol", "parasol", "parasols"],
  ["envelope", "card", "letter", "invites", "envelopes", "postcard"], ["cards", "cards", "playing", "snap", "dominoes"],
  ["wrap", "wrap", "wrapping"], ["gift", "gift", "present", "cracker", "crackers"], ["candle", "candle", "candles", "incense"],
  ["frame", "frame", "photo", "picture", "print", "art"], ["mirror", "mirror"], ["drawers", "drawer", "cabinet", "chest", "drawers"],
  ["chalkboard", "chalkboard", "blackboard", "black board", "board", "memo"], ["sign", "sign", "plaque", "billboard"],
  ["doormat", "doormat", "mat", "rug"], ["cushion", "cushion", "pillow", "throw", "blanket", "quilt", "doorstop"],
  ["apron", "apron", "oven glove"], ["cutlery", "cutlery", "spoon", "fork", "knives", "utensils"],
  ["pan", "pan", "frying"], ["scales", "scales"], ["dome", "dome", "cloche", "butter dish"],
  ["jar", "jar", "jars", "jam", "preserving"], ["bottle", "bottle", "milk", "vase", "decanter"],
  ["tin", "tin", "tins", "canister", "caddy", "bin", "popcorn", "bucket"], ["bowl", "bowl", "bowls", "dish", "mould", "moulds"],
  ["plate", "plate", "plates", "coaster", "tray", "placemat", "coasters"], ["can", "jug", "watering", "pitcher"],
  ["basket", "basket", "wicker", "hamper", "picnic"], ["plant", "plant", "pot", "herb", "seeds", "trellis"],
  ["tissues", "napkin", "napkins", "tissues", "tissue", "towel", "tea towel", "flannel"], ["soap", "soap", "bath", "scent"],
  ["spool", "sewing", "knitting", "thread", "reel", "craft", "tape", "feltcraft"], ["ribbon", "ribbon", "ribbons", "bow"],
  ["pencil", "pencil", "pencils", "pen", "crayons", "chalk"], ["notebook", "notebook", "book", "journal", "sketchbook", "diary"],
  ["sticker", "stickers", "sticker", "badges", "plasters", "tattoos"], ["magnet", "magnets", "magnet"],
  ["puzzle", "jigsaw", "puzzle"], ["doll", "babushka", "nesting", "doll", "dolly"], ["blocks", "blocks", "block", "alphabet"],
  ["toy", "toy", "car", "cars", "truck", "skittles"], ["camera", "camera", "polaroid"], ["necklace", "necklace", "bracelet", "earrings", "charm", "beads", "jewelled"],
  ["coat", "coat rack", "rack", "hanger"], ["hook", "hook", "hooks", "key", "knob"], ["house", "house", "birdhouse", "cottage"],
  ["egg", "egg", "eggs", "easter"], ["owl", "owl", "owls"], ["rabbit", "rabbit", "bunny", "hare"], ["cat", "cat", "kitty"],
  ["dog", "dog", "scottie", "scotty"], ["bird", "bird", "birds", "dove", "hen", "chick", "chicken", "duck", "robin", "lovebird"],
  ["butterfly", "butterfly", "butterflies"], ["skull", "skull", "skulls"], ["toadstool", "toadstool", "mushroom"],
  ["rocket", "spaceboy", "rocket"], ["angel", "angel", "fairy"], ["tree", "tree", "xmas"], ["snowflake", "snowflake", "snow"],
  ["bell", "bell", "bells"], ["bauble", "bauble", "baubles", "christmas", "ornament", "decoration", "decorations"],
  ["flower", "flower", "flowers", "rose", "daisy", "floral"], ["star", "star", "stars"], ["heart", "heart", "hearts", "love"],
  ["cutlery", "kitchen", "baking", "diner"], ["wreath", "doily", "lace"], ["box", "box", "boxes", "storage", "organiser", "holder", "set"],
];
/** Drawings for titles that call for none. */
export const SPARE = ["gift", "box", "ribbon", "star", "flower", "heart"];

/** Draw the picture of an item. */
export function art(item) {
  const { seed, title, words, colours } = traits(item);
  return frame(
    "art",
    svg("rect", { width: 240, height: 240, fill: colours.paper }),
    paper(motifOf(words, seed >>> 4), colours),
    backdrop(seed >>> 8, colours),
    emblem(EMBLEMS[emblemOf(title, seed)], colours),
    tag(piecesOf(title), colours),
  );
}

/** The shop's own picture of an item, or where there is none (or it cannot be had) the drawn one. */
export function picture(item) {
  if (!item.image_url) return art(item);
  const look = { class: "art", src: item.image_url, alt: "", loading: "lazy", referrerpolicy: "no-referrer" };
  const image = el("img", { ...look, onerror: () => image.replaceWith(art(item)) });
  return image;
}

/** Draw an item small: its emblem on its colour. */
export function thumb(item) {
  const { seed, title, colours } = traits(item);
  const ground = svg("rect", { width: 240, height: 240, fill: colours.shade });
  const drawing = emblem(EMBLEMS[emblemOf(title, seed)], colours);
  drawing.setAttribute("transform", "translate(18 18) scale(3.2)");
  return frame("thumb", ground, drawing);
}

function traits(item) {
  const seed = hash(item.item_id);
  const title = ` ${item.title || item.item_id} `.toLowerCase().replace(/[^a-z0-9'-]+/g, " ");
  const words = title.trim().split(" ");
  return { seed, title, words, colours: paletteOf(words, seed) };
}

function frame(kind, ...shapes) {
  const look = { class: kind, viewBox: "0 0 240 240", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" };
  return svg("svg", look, ...shapes);
}

/** Return the name of the drawing that a title calls for. */
export function emblemOf(title, seed) {
  const call = CALLS.find(([, ...phrases]) => phrases.some((phrase) => title.includes(` ${phrase} `)));
  return call === undefined ? SPARE[seed % SPARE.length] : call[0];
}

/** A number that an id always gives (FNV-1a). */
export function hash(text) {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ character.codePointAt(0), 0x01000193) >>> 0;
  return (state ^ (state >>> 15)) >>> 0;
}

function paper({ path, asked }, colours) {
  const shapes = [];
  for (let row = 0; row < 8; row += 1) {
    for (let column = 0; column < 8; column += 1) {
      const [x, y] = [column * 34 + (row % 2) * 17 - 8, row * 34 + 2];
      shapes.push(svg("path", { d: path, transform: `translate(${x} ${y})` }));
    }
  }
  return svg("g", { fill: colours.mid, opacity: asked ? 0.34 : 0.15 }, shapes);
}

function backdrop(seed, { shade }) {
  const shapes = [
    () => svg("circle", { cx: 120, cy: 120, r: 84, fill: shade }),
    () => svg("path", { d: "M42 204V120a78 78 0 0 1 156 0v84z", fill: shade }),
    () => svg("path", { d: "M120 34c52 0 86 30 86 84s-30 90-86 90-86-34-86-88 34-86 86-86z", fill: shade }),
    () => svg("rect", { x: 40, y: 40, width: 160, height: 160, rx: 44, fill: shade }),
  ];
  return shapes[seed % shapes.length]();
}

/** The drawing, its colour printed a little off the line as old labels are. */
function emblem({ body, line }, { paper: light, mid, ink }) {
  const ends = { "stroke-linecap": "round", "stroke-linejoin": "round" };
  const strokes = { fill: "none", stroke: ink, "stroke-width": 1.2, ...ends };
  return svg(
    "g",
    { transform: "translate(48 48) scale(2.25)" },
    svg("path", { d: body, fill: light }),
    svg("path", { d: body, fill: mid, opacity: 0.78, transform: "translate(1.8 1.8)" }),
    svg("path", { d: line, ...strokes }),
  );
}

function piecesOf(title) {
  const told = /(?:set of|pack of|box of|set)\s?(\d{1,3}) /.exec(title) ?? /(?:pack|s) (\d{1,3}) /.exec(title);
  return told === null ? null : Number(told[1]);
}

function tag(pieces, { ink, paper: light }) {
  if (pieces === null || pieces < 2) return null;
  const text = svg("text", { x: 208, y: 218, "text-anchor": "middle", class: "pieces", fill: light }, `×${pieces}`);
  return svg("g", {}, svg("circle", { cx: 208, cy: 212, r: 19, fill: ink, opacity: 0.9 }), text);
}
