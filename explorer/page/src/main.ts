// Opens the library and mounts each part of the page in its element; the store joins them.
import { followAddress, fromHash } from "./address";
import { announce } from "./announce";
import { colouringOf, paint } from "./colouring";
import { element } from "./dom";
import { mountFilters } from "./filters";
import { mountFinding } from "./finding/similar";
import { mountVerify } from "./finding/verify";
import { mountKeeping } from "./keeping/keeping";
import { Legend } from "./legend";
import { mountMapKeys } from "./map/keys";
import { SoundMap } from "./map/soundmap";
import { notify, placard } from "./notice";
import { mountPanels } from "./panels";
import { Points } from "./points";
import { Projections } from "./projections";
import { countOf, shownRows } from "./shown";
import { mountKeys } from "./sound/keys";
import { assemble } from "./sound/parts";
import { mountSound } from "./sound/sound";
import { openSource, type ColumnInfo } from "./source";
import { Store } from "./state";
import { mountStatus } from "./status";
import { followTheme, isDark } from "./theme";
import { mountToolbar } from "./toolbar";

const FIRST_COLOURS = ["family", "instrument", "folder"];

function part(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** The column coloured by when none was chosen. */
function firstColour(columns: ColumnInfo[]): string {
  const names = columns.map((column) => column.name);
  return FIRST_COLOURS.find((name) => names.includes(name)) ?? names[0] ?? "";
}

/** Keep the map's colours and its legend as the chosen column and theme say. */
function followColour(store: Store, points: Points, map: SoundMap): void {
  const legend = new Legend(store, points, part("legend"));
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const { colour, filters, theme } = store.state;
    const colouring = await colouringOf(points, colour, filters.only[colour] ?? [], isDark(theme));
    if (mine !== turn || colouring === null) return;
    legend.show(colouring);
    map.showColours(paint(colouring, points.n), colouring.kind === "categorical" ? colouring : null);
  };
  const start = () => void show().catch((error: Error) => notify({ text: error.message, isError: true }));
  store.on(["colour"], start);
  store.on(["filters"], ({ colour, filters }, before) => filters.only[colour] !== before.filters.only[colour] && start());
  points.onForget((name) => name === store.state.colour && start());
  document.addEventListener("timbrespace:theme", () => {
    map.stage.takeTheme();
    start();
  });
  start();
}

/** Say what is in focus, with its value of the column that colours the map. */
function followFocus(store: Store, points: Points): void {
  store.on(["focus"], async ({ focus, colour }) => {
    const row = focus === null ? undefined : points.rowOf(focus);
    if (row === undefined) return;
    const value = await points.valueOf(colour, row).catch(() => null);
    if (store.state.focus === focus) announce([points.name(row), value].filter(Boolean).join(", "));
  });
}

/** Keep what the map shows as the filters say, and tell how much that is. */
function followFilters(store: Store, points: Points, map: SoundMap): void {
  const tell = mountStatus(points, map.stage.hasWebgl, part("status"));
  let turn = 0;
  const apply = async () => {
    const mine = ++turn;
    const mask = await shownRows(points, store.state);
    if (mine !== turn) return;
    map.showOnly(mask);
    tell(countOf(mask));
  };
  const start = () => void apply().catch((error: Error) => notify({ text: error.message, isError: true }));
  store.on(["filters", "words", "favouritesOnly", "folder"], start);
  points.onForget(start);
  start();
}

function mountAll(store: Store, points: Points, map: SoundMap, source: ReturnType<typeof openSource>): void {
  const parts = assemble(store, source, map);
  mountToolbar(store, points, map, part("toolbar"));
  mountFilters(store, points, part("filters"));
  mountSound(parts, part("sound"));
  mountFinding(parts, part("finding"));
  mountKeeping(parts, part("keeping"));
  mountVerify(parts, part("verify"));
  mountMapKeys(map);
  mountKeys(parts, document.body);
  mountPanels(part("tabs"));
  skipToMap();
}

/** The first stop of the tab key; its plain link would put #map in place of the view's address. */
function skipToMap(): void {
  document.querySelector<HTMLAnchorElement>(".skip")!.onclick = (event) => {
    event.preventDefault();
    part("map").focus();
  };
}

async function start(): Promise<void> {
  const store = new Store(fromHash(location.hash));
  followTheme(store);
  const source = openSource();
  notify({ text: "Opening the library …" });
  const points = await Points.of(source);
  document.title = `${points.library.name} · timbrespace`;
  if (points.n === 0) {
    return placard("No sounds yet", "Add a folder of sounds, then load this page again:", element("code", {}, "timbrespace library add FOLDER"));
  }
  if (!store.state.colour) store.set({ colour: firstColour(points.library.columns) });
  const map = new SoundMap(store, points, part("map"));
  mountAll(store, points, map, source);
  followColour(store, points, map);
  followFilters(store, points, map);
  followFocus(store, points);
  await new Projections(store, source, points, map).show(store.state.camera !== null);
  followAddress(store, firstColour(points.library.columns));
}

start().catch((error: Error) => placard("The library cannot be shown", error.message));
