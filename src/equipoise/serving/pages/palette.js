// Colours of a product's picture: taken from the colour words of its title, else from its id.

const PALETTES = {
  rose: { paper: "#f9e9e6", shade: "#f2d3cd", mid: "#e39a93", ink: "#6b2a33" },
  red: { paper: "#f8e5dd", shade: "#efc8ba", mid: "#d96a55", ink: "#5e1d1c" },
  butter: { paper: "#fbf2d8", shade: "#f4e2ab", mid: "#e8bf5c", ink: "#5e4312" },
  sage: { paper: "#ecf1e4", shade: "#d5e0c6", mid: "#a0bb8d", ink: "#2f4a33" },
  green: { paper: "#e3f0e7", shade: "#c4decd", mid: "#69aa84", ink: "#1c4632" },
  sky: { paper: "#e4f0f6", shade: "#c8dfeb", mid: "#86b8d3", ink: "#1f4560" },
  blue: { paper: "#e5eaf6", shade: "#cad4ed", mid: "#7b92cf", ink: "#23306a" },
  lilac: { paper: "#f0e9f6", shade: "#dfd1ed", mid: "#b196d1", ink: "#43285e" },
  cream: { paper: "#f8f2e7", shade: "#ecdfc9", mid: "#d5b88f", ink: "#54412a" },
  grey: { paper: "#ebeef0", shade: "#d5dbdf", mid: "#98a7b2", ink: "#2b3740" },
  kraft: { paper: "#f3e8da", shade: "#e5d0b6", mid: "#c4956a", ink: "#4f3319" },
  black: { paper: "#e9e7e4", shade: "#d3cec9", mid: "#77716c", ink: "#1e1b1a" },
};

const COLOURS = {
  pink: "rose", rose: "rose", roses: "rose", sweetheart: "rose", red: "red", retrospot: "red",
  strawberry: "red", chilli: "red", cherry: "red", toadstool: "red", christmas: "green", yellow: "butter",
  gold: "butter", lemon: "butter", honeycomb: "butter", green: "green", mint: "green", apple: "sage",
  apples: "sage", woodland: "sage", leaf: "sage", pears: "sage", garden: "sage", blue: "sky", turquoise: "sky",
  union: "blue", london: "blue", spaceboy: "blue", purple: "lilac", lavender: "lilac", lilac: "lilac",
  fairy: "lilac", ivory: "cream", cream: "cream", white: "cream", pantry: "cream", vintage: "cream",
  natural: "kraft", wicker: "kraft", wood: "kraft", wooden: "kraft", chocolate: "kraft", brown: "kraft",
  rustic: "kraft", silver: "grey", zinc: "grey", metal: "grey", grey: "grey", slate: "grey", glass: "sky",
  black: "black", skull: "black", skulls: "black", antique: "kraft",
};

const ANY = ["rose", "butter", "sage", "sky", "lilac", "cream", "green", "blue"];

/** Return {paper, shade, mid, ink} for a title's words and a number made from the item's id. */
export function paletteOf(words, seed) {
  const told = words.find((word) => Object.hasOwn(COLOURS, word));
  return PALETTES[told === undefined ? ANY[seed % ANY.length] : COLOURS[told]];
}
