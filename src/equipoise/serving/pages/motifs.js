// Small shapes about the origin, some ten units wide, that patterned paper repeats.

const petal = (turn) => {
  const [x, y] = [Math.cos(turn) * 3.2, Math.sin(turn) * 3.2];
  return `M${(x - 2).toFixed(2)} ${y.toFixed(2)}a2 2 0 1 0 4 0a2 2 0 1 0-4 0z`;
};

export const MOTIFS = {
  dot: "M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z",
  heart: "M0 5C-5 1.5-6-1-5.4-3-4.5-5.4-1-5.4 0-2.5 1-5.4 4.5-5.4 5.4-3 6-1 5 1.5 0 5z",
  star: "M0-5.500L1.5-1.7 5.5-1.6 2.4 1 3.5 5 0 2.6-3.5 5-2.4 1-5.5-1.6-1.5-1.700z",
  flower: [0, 1, 2, 3, 4].map((i) => petal((i * 2 * Math.PI) / 5 - Math.PI / 2)).join(""),
  leaf: "M0 6C-5 2-5-3 0-6.5 5-3 5 2 0 6z",
  drop: "M0-6C4-3 5 1 3 4c-2 3-7 2-6.5-2C-3.2-.5-1-1 0-6z",
  snow: "M-.7-6h1.400v12h-1.400zM-5.6-3.500l.7-1.2 10.4 6-.7 1.200zM5.6-3.500l-.7-1.2-10.4 6 .7 1.200z",
  berry: "M0 6C-4 4-5.5-1-4-3.5-2.5-5 2.5-5 4-3.5 5.5-1 4 4 0 6zM-2-5.500h4L0-3z",
  stripe: "M-1-9h2v18h-2z",
  cross: "M-4-1h8v2h-8zM-1-4h2v8h-2z",
};

const WORDS = {
  retrospot: "dot", polkadot: "dot", spot: "dot", spots: "dot", spotty: "dot", dotty: "dot", heart: "heart",
  hearts: "heart", love: "heart", sweetheart: "heart", star: "star", stars: "star", spaceboy: "star",
  circus: "star", rose: "flower", roses: "flower", flower: "flower", flowers: "flower", daisy: "flower",
  floral: "flower", blossom: "flower", botanical: "flower", garden: "leaf", leaf: "leaf", woodland: "leaf",
  paisley: "drop", feather: "drop", christmas: "snow", snowflake: "snow", snow: "snow", strawberry: "berry",
  cherry: "berry", apple: "berry", apples: "berry", pears: "berry", fruit: "berry", fruits: "berry",
  stripe: "stripe", striped: "stripe", stripes: "stripe", gingham: "cross", stitch: "cross", felt: "cross",
  knitting: "cross", first: "cross",
};

const PLAIN = ["dot", "cross", "leaf", "stripe"];

/** Return the path of the motif a title's words ask for, or a plain one, and whether it was asked for. */
export function motifOf(words, seed) {
  const told = words.find((word) => Object.hasOwn(WORDS, word));
  const name = told === undefined ? PLAIN[seed % PLAIN.length] : WORDS[told];
  return { path: MOTIFS[name], asked: told !== undefined };
}
