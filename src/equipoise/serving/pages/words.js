// Numbers, titles and the recommender's own words, as a person reads them.

const KEPT = new Set(["LED", "TV", "UK", "DIY", "BBQ", "USA", "3D", "XL"]);
const SMALL = new Set(["a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]);

const SOURCES = {
  best_match: "Matches what you looked at",
  bought_together: "Often bought together with your choices",
  popular: "Popular with other shoppers",
  new_arrival: "New in the shop",
  similar: "Similar to this one",
};

/** Say in plain words where a choice came from. */
export function sourceInWords(source) {
  if (Object.hasOwn(SOURCES, source)) return SOURCES[source];
  const words = String(source).replaceAll("_", " ").trim();
  return words === "" ? "Chosen by the shop" : words[0].toUpperCase() + words.slice(1);
}

/** Say whether a choice is an exploration, and how likely it was. */
export function chanceInWords(choice) {
  const chance = percent(choice.propensity);
  return choice.explored
    ? `We are trying this one: shown to learn; chance ${chance}`
    : `Our best guess for this place; chance ${chance}`;
}

/** Set a shouted title in title case, and the small words of any title low. */
export function titleCase(title) {
  const tidy = title.replace(/\s+/g, " ").replace(/[\s.,]+$/, "").trim();
  const isShouted = tidy === tidy.toUpperCase();
  return tidy.split(" ").map((word, place, all) => {
    const isInside = place > 0 && place < all.length - 1;
    if (isInside && SMALL.has(word.toLowerCase())) return word.toLowerCase();
    return isShouted && !KEPT.has(word) ? capitalised(word) : word;
  }).join(" ");
}

function capitalised(word) {
  return word.toLowerCase().replace(/(^|[-/+&(])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
}

/** The name of an item, or its id where it has none. */
export const nameOf = (item) => titleCase(item.title || "") || item.item_id;

/** Money in a currency, or a plain amount where none is known. */
export function money(amount, currency, options = {}) {
  if (amount === null || amount === undefined) return "–";
  const style = currency ? { style: "currency", currency } : { minimumFractionDigits: options.maximumFractionDigits ?? 2 };
  return new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2, ...style, ...options }).format(amount);
}

/** A share of 1 as a percentage with two or three figures. */
export function percent(share) {
  if (share === null || share === undefined) return "–";
  const hundredths = share * 100;
  const digits = hundredths >= 9.95 || hundredths === 0 ? 0 : hundredths >= 0.995 ? 1 : 2;
  return `${hundredths.toFixed(digits)}\u00a0%`;
}

/** A whole number with thousands separated. */
export const whole = (number) => new Intl.NumberFormat("en-GB").format(number);

/** A small quantity, or a dash where there is none. */
export function decimal(number, digits = 3) {
  return number === null || number === undefined ? "–" : number.toFixed(digits);
}

/** A stretch of time, in its largest fitting unit. */
export function duration(seconds) {
  if (seconds < 1) return "less than a second";
  const [size, unit] = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].find(([s]) => seconds >= s);
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** A count with its noun. */
export const counted = (n, one, many = `${one}s`) => `${whole(n)} ${n === 1 ? one : many}`;
