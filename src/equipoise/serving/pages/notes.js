// Short notes at the foot of the page, above any open drawer.

import { byId, el } from "./dom.js";

/** Say something for a few seconds; `kind` "bad" is for failures. */
export function note(text, kind = "") {
  const line = el("div", { class: `note ${kind}` }, text);
  byId("notes").replaceChildren(line);
  raiseNotes();
  setTimeout(() => line.remove(), kind === "bad" ? 8000 : 4500);
}

/** Bring the notes above what was opened last; call it after opening a modal drawer. */
export function raiseNotes() {
  const host = byId("notes");
  if (!("popover" in host)) return;
  host.popover = "manual";
  if (host.matches(":popover-open")) host.hidePopover();
  host.showPopover();
}

/** Run a task and show its failure, if any. */
export async function guarded(task) {
  try {
    return await task();
  } catch (error) {
    note(error.message, "bad");
    return undefined;
  }
}
