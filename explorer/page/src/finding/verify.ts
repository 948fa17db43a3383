// Verification: is this the same instrument? Two sets, enrolment and test, chosen from the selection;
// each test sound's score against the mean of the enrolment, and the threshold where both kinds of
// error are equally common in this library.
import { element } from "../dom";
import { nameButton, playButton } from "../sound/buttons";
import type { Parts } from "../sound/parts";
import type { Verification } from "../source";
import { strip } from "./strip";

const HINT = "Is it the same instrument? Select sounds of one, then sounds to test against it.";
const STATIC_HINT = "This is a published map: verification needs `timbrespace explore`.";

export function mountVerify(parts: Parts, panel: HTMLElement): void {
  if (parts.source.isStatic) {
    return panel.append(element("p", { className: "quiet" }, STATIC_HINT));
  }
  const sets: Sets = { enrolment: [], test: [] };
  const result = element("div", { className: "verified" });
  const problem = element("p", { className: "problem", role: "alert" });
  const go = element("button", { type: "button", className: "button primary" }, "Compare");
  const changed = () => {
    go.disabled = sets.enrolment.length === 0 || sets.test.length === 0;
    result.replaceChildren();
  };
  go.onclick = () => void compare(parts, sets, result, problem);
  panel.append(
    element("p", { className: "quiet" }, HINT),
    chooser(parts, sets, "enrolment", changed),
    chooser(parts, sets, "test", changed),
    go,
    problem,
    result,
  );
  changed();
}

interface Sets {
  enrolment: number[];
  test: number[];
}

/** Takes the selection for one of the two sets. */
function chooser({ store }: Parts, sets: Sets, which: keyof Sets, changed: () => void): HTMLElement {
  const count = element("span", { className: "quiet" });
  const button = element("button", { type: "button", className: "button" });
  const show = () => {
    const { length: selected } = store.state.selection;
    button.textContent = `Selection → ${which}`;
    button.disabled = selected === 0;
    count.textContent = sets[which].length === 0 ? "none yet" : `${sets[which].length} sounds`;
  };
  button.onclick = () => {
    sets[which] = [...store.state.selection];
    show();
    changed();
  };
  store.on(["selection"], show);
  show();
  return element("div", { className: "row" }, button, count);
}

/** A sound is not tested against itself: those that are also enrolled are left out. */
async function compare(parts: Parts, sets: Sets, result: HTMLElement, problem: HTMLElement): Promise<void> {
  const test = sets.test.filter((id) => !sets.enrolment.includes(id));
  const same = test.length === 0;
  problem.textContent = same ? "Both sets hold the same sounds. Select others, then press Selection → test." : "";
  result.replaceChildren();
  if (same) return;
  result.append(element("p", { className: "quiet", role: "status" }, "Comparing …"));
  try {
    const verification = await parts.source.verify(sets.enrolment, test);
    result.replaceChildren(...shown(parts, test, verification));
  } catch (error) {
    result.replaceChildren();
    problem.textContent = (error as Error).message;
  }
}

function shown(parts: Parts, test: number[], verification: Verification): HTMLElement[] {
  const { scores, accepted, threshold, eer, n_instruments } = verification;
  const n = accepted.filter(Boolean).length;
  const basis = `where both errors are ${(100 * eer).toFixed(1)} % over the library's ${n_instruments} instruments`;
  const summary = `${n} of ${test.length} accepted. Threshold ${threshold.toFixed(3)}, ${basis}.`;
  const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a]);
  const items = order.map((i) =>
    element(
      "li",
      { className: accepted[i] ? "accepted" : "rejected" },
      playButton(parts, test[i]),
      nameButton(parts, test[i]),
      element("span", { className: "number" }, scores[i].toFixed(3)),
      element("span", { className: "verdict" }, accepted[i] ? "✓ accepted" : "✕ rejected"),
    ),
  );
  const list = element("ol", { className: "list", "aria-label": "Test sounds, the most alike first" }, ...items);
  return [element("p", { role: "status" }, summary), strip(verification), list];
}
