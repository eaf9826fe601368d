"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const model = JSON.parse($("model").textContent);
  const answer = Emulator(model);
  const { levers, labels } = model.page, measures = model.measures;
  const last = labels.length - 1;
  const money = { unit: "£ million", decimals: model.page.cost_decimals };
  const state = { values: levers.map((lever) => lever.now), start: model.page.start, whatIf: "", overlay: null, view: "levels" };
  const boxes = levers.map((lever, place) => ({ slider: $(`slider-${place}`), number: $(`number-${place}`), row: $(`lever-${place}`), beyond: $(`beyond-${place}`) }));
  const figures = [...document.querySelectorAll("figure[data-measure]")].map((figure) => ({
    figure, place: Number(figure.dataset.measure), low: Number(figure.dataset.low), high: Number(figure.dataset.high),
    less: Number(figure.dataset.less), more: Number(figure.dataset.more),
    line: figure.querySelector(".now"), band: figure.querySelector(".now-band"), end: figure.querySelector(".end"),
    dots: figure.querySelector(".overlay"), says: figure.querySelector(".says"), table: figure.querySelector("details"),
    part: figure.closest("details.part"),
  }));
  const frame = model.page.frame;

  /* -- drawing ---------------------------------------------------------------------------------------------------- */
  /* Whether a picture shows differences: those of cost are no others. */
  const changes = (one) => state.view === "changes" && one.place >= 0;
  const drawn = (one, found) => changes(one) ? [found.difference, found.less, found.more] : [found.mean, found.low, found.high];
  const x = (year) => frame.left + (frame.right - frame.left) * (last ? year / last : 0.5);
  const y = (one, value) => {
    const [low, high] = changes(one) ? [one.less, one.more] : [one.low, one.high];
    const share = (value - low) / (high - low);
    return Math.round(10 * (frame.bottom + (frame.top - frame.bottom) * Math.min(1.04, Math.max(-0.04, share)))) / 10;
  };
  const points = (one, values) => Array.from(values, (value, year) => `${x(year).toFixed(1)} ${y(one, value)}`);
  function draw(one, found, tellable) {
    const shown = found && tellable, [mean, low, high] = shown ? drawn(one, found) : [];
    one.line.setAttribute("d", shown ? "M" + points(one, mean).join("L") : "");
    one.band.setAttribute("d", shown ? "M" + [...points(one, low), ...points(one, high).reverse()].join("L") + "Z" : "");
    one.end.textContent = shown ? one.text : "";
    if (shown) one.end.setAttribute("y", Math.min(frame.bottom, Math.max(frame.top + 8, y(one, mean[last]) + 4)));
  }
  function overlay(one, found) {
    one.dots.replaceChildren();
    if (!found) return;
    const make = (name, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      one.dots.append(made);
    };
    const [mean, low, high] = drawn(one, found);
    mean.forEach((value, year) => {
      make("line", { class: "simulated-bar", x1: x(year), x2: x(year), y1: y(one, low[year]), y2: y(one, high[year]) });
      make("circle", { class: "simulated", cx: x(year), cy: y(one, value), r: 3 });
    });
  }

  /* -- words ------------------------------------------------------------------------------------------------------ */
  const simulated = () => model.what_ifs.find((one) => one.name === state.whatIf && one.answer);
  const beyond = () => levers.map((lever, place) => place).filter((place) => {
    const value = state.values[place];
    return !(value >= levers[place].low - 1e-9 && value <= levers[place].high + 1e-9);
  });
  const moved = () => levers.map((lever, place) => place).filter((place) => state.values[place] !== levers[place].now);
  const kind = () => Number(moved().length > model.page.few);
  const withheld = (one) => {
    const kept = simulated(), acts = kept ? kept.acts_on : moved().map((place) => levers[place].name);
    return acts.some((name) => one.withheld_by.includes(name));
  };
  /* Whether the model itself answers: simulated beforehand, or just now. */
  const exact = () => Boolean(state.overlay || simulated());
  const still = () => !moved().length;
  const tellable = (one) => !withheld(one) && (exact() || still() || one.told[kind()]);
  /* A level as it is printed: the reference's and the change, each rounded, so that all three agree wherever they stand. */
  const level = (one, found, year) => Math.max(0, Words.rounded(one, one.mean[year]) + Words.rounded(one, found.difference[year]));
  const by = `in ${labels[last]}`;
  function same(one, found) {
    const value = found.difference[last], blur = exact() ? found.error[last] : one.blurs[kind()];
    return Math.abs(value) < blur || Words.zero(value, one.decimals);
  }
  const way = (one, found) => same(one, found) ? "About the same as the reference" : found.difference[last] > 0 ? "Higher than the reference" : "Lower than the reference";
  function says(one, found) {
    if (!found) return "No answer here: beyond what was simulated.";
    const change = found.difference[last];
    if (withheld(one)) return "Withheld: these settings act on the decision who is looked after, and what care does to a child is not in it.";
    if (!tellable(one)) return `${way(one, found)} ${by}. In words only: the emulator is not accurate enough here.`;
    const now = (state.overlay ? "Simulated: " : "") + Words.level(one, level(one, found, last));
    if (!moved().length && !simulated()) return `${now} ${by} (90% interval ${Words.level(one, found.low[last])} to ${Words.level(one, found.high[last])})`;
    const span = Words.span(one, found.less[last], found.more[last]);
    if (same(one, found)) return `${now} ${by}: no clear change (90% interval ${span})`;
    return `${now} ${by}, ${Words.change(one, change)} than the reference (90% interval ${span})`;
  }
  function normal(value) { /* distribution function of the standard normal, by Zelen and Severo */
    const t = 1 / (1 + 0.2316419 * Math.abs(value));
    const tail = Math.exp(-value * value / 2) / 2.50662827463 * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return value > 0 ? 1 - tail : tail;
  }
  function payback(cost) {
    const nothing = 5e-4, mean = [...cost.mean];
    if (mean.every((value) => Math.abs(value) < nothing)) return "";
    if (Words.zero(mean[last], money.decimals)) return "";
    if (unclear(cost)) return "";
    const off = exact() ? 0 : model.page.cost_off[kind()];
    if (Math.abs(mean[last]) < off) return "The emulator can't tell whether that pays back: simulate it.";
    if (mean.every((value) => value <= nothing)) return "On average it never costs more than the reference.";
    const width = (cost.high[last] - cost.low[last]) / 2 / model.half;
    const share = cost.back === undefined ? normal(width > 0 ? -mean[last] / width : mean[last] > 0 ? -9 : 9) : cost.back;
    const chance = share < 0.005 ? "almost no replications" : share > 0.995 ? "almost all replications"
      : cost.back === undefined ? `about ${Math.round(100 * share)} in 100 replications` : `${Math.round(cost.of * share)} of ${cost.of} replications`;
    if (mean[last] > nothing) return `On average it does not pay back by ${labels[last]}; ${chance} cost no more than the reference by then.`;
    const year = mean.length - [...mean].reverse().findIndex((value) => value > nothing);
    return `On average it pays back by ${labels[year]}; ${chance} cost no more than the reference by ${labels[last]}.`;
  }
  /* Of a simulated cost, whether chance could make it. */
  const unclear = (cost) => exact() && Math.abs(cost.mean[last]) < cost.error[last];
  function costWords(cost) {
    const total = cost.mean[last], span = Words.span(money, cost.low[last], cost.high[last]);
    const years = `over ${labels.length} year${labels.length > 1 ? "s" : ""}`;
    if (Words.zero(total, money.decimals)) return `Cost ${years} is that of the reference`;
    if (unclear(cost)) return `No clear change in cost ${years} (90% interval ${span})`;
    const off = exact() ? "" : `; the emulator is within £${model.page.cost_within[kind()]} million, 95 times in 100`;
    return `It ${total > 0 ? "costs" : "saves"} £${Words.plain(total, money.decimals)} million ${total > 0 ? "more " : ""}${years} (90% interval ${span}${off})`;
  }
  function finding(found, quiet) {
    const place = Math.max(0, measures.findIndex((one) => one.id === "looked_after")), care = measures[place];
    if (!found) {
      const names = beyond().map((at) => `${levers[at].label} (${levers[at].low} to ${levers[at].high})`);
      return ["Beyond what was simulated: no answer.", `Simulated: ${names.join("; ")}. Move back, or save the scenario and simulate it.`];
    }
    const of = found.measures[place], now = Words.level(care, level(care, of, last)), before = Words.level(care, care.mean[last]);
    const name = care.label.toLowerCase();
    if (quiet) return [`Nothing is moved: ${now} ${name} ${by} on the reference.`, `90% interval ${Words.level(care, of.low[last])} to ${Words.level(care, of.high[last])}. Move a lever, or choose a what-if.`];
    const span = Words.span(care, of.less[last], of.more[last]);
    const change = of.difference[last];
    const counted = Words.change(care, change).replace(/^./, (letter) => letter.toUpperCase());
    const first = !tellable(care) ? `${care.label}: ${says(care, of).replace(/^./, (letter) => letter.toLowerCase())}`
      : same(care, of) || Words.zero(change, care.decimals) ? `No clear change in ${name} ${by}: ${now} beside ${before} (90% interval ${span}).`
      : `${counted} ${/^1 /.test(counted) ? name.replace(/^children/, "child") : name} ${by}: ${now}, not ${before} (90% interval ${span}).`;
    const harm = measures.findIndex((one) => one.id === "exposure");
    let second = "";
    if (harm >= 0 && tellable(measures[harm])) {
      const of = found.measures[harm], one = measures[harm], index = Words.level(one, of.mean[last]);
      const ends = `${Words.level(one, 100 + of.less[last])} to ${Words.level(one, 100 + of.more[last])}`;
      second = same(one, of) ? "No clear change in modelled exposure to serious harm. "
        : `Modelled exposure to serious harm is ${of.difference[last] > 0 ? "higher" : "lower"} (index ${index}, 90% interval ${ends}; reference 100). `;
    }
    return [first, `${second}${costWords(found.cost)}. ${payback(found.cost)}`];
  }

  /* -- tables ----------------------------------------------------------------------------------------------------- */
  function fill(one, found, measure) {
    if (!one.table.open) return;
    one.table.querySelectorAll("tbody tr").forEach((row, year) => {
      const cells = row.querySelectorAll("[data-now]");
      const told = found && tellable(measure);
      const text = !told ? ["no answer", "no answer"] : [
        `${Words.level(measure, level(measure, found, year))} (${Words.plain(found.low[year], measure.decimals)} to ${Words.plain(found.high[year], measure.decimals)})`,
        `${Words.signed(measure, found.difference[year])} (${Words.signed(measure, found.less[year])} to ${Words.signed(measure, found.more[year])})`];
      cells.forEach((cell, place) => { cell.textContent = text[place]; });
    });
  }
  function fillCost(one, cost) {
    if (!one.table.open) return;
    one.table.querySelectorAll("tbody [data-now]").forEach((cell, year) => {
      cell.textContent = cost ? `${Words.signed(money, cost.mean[year])} (${Words.signed(money, cost.low[year])} to ${Words.signed(money, cost.high[year])})` : "no answer";
    });
  }

  /* -- updating --------------------------------------------------------------------------------------------------- */
  let waiting = 0, announcing = 0, current = null;
  function found() {
    const kept = simulated();
    if (kept) return kept.answer;
    if (beyond().length) return null;
    return answer(levers.map((lever, place) => (state.values[place] - lever.now) / lever.width), state.start);
  }
  function update() {
    waiting = 0;
    const started = performance.now();
    current = found();
    const quiet = !moved().length && !exact();
    for (const one of figures) show(one, quiet);
    const [first, second] = finding(state.overlay || current, quiet);
    $("finding").textContent = first;
    $("detail").textContent = second;
    $("mark").textContent = state.overlay ? "Simulated now. " : simulated() ? "Simulated beforehand. " : quiet || !current ? "" : "Emulated. ";
    $("settings").textContent = settings();
    clearTimeout(announcing);
    announcing = setTimeout(() => { $("status").textContent = `${first} ${second}`; }, 700);
    document.documentElement.dataset.took = (performance.now() - started).toFixed(2);
  }
  /* What was set, for a page that is printed. */
  function settings() {
    const one = model.what_ifs.find((other) => other.name === state.whatIf);
    const from = `from April ${model.page.first_year + state.start}`;
    const set = moved().map((place) => `${levers[place].label} ${state.values[place]} ${levers[place].unit} (now ${levers[place].now})`);
    if (one && one.answer) return `What-if: ${one.title}.`;
    return set.length ? `${one ? `What-if: ${one.title}. ` : ""}Set ${from}: ${set.join("; ")}.` : "";
  }
  function show(one, quiet) {
    if (one.part && !one.part.open) return;
    const cost = one.place < 0, measure = cost ? money : measures[one.place];
    const part = (answered) => answered && (cost ? answered.cost : answered.measures[one.place]);
    const emulated = part(current), of = part(state.overlay) || emulated;
    one.text = of ? (cost ? Words.signed(money, of.mean[last]) : changes(one) ? Words.signed(measure, of.difference[last]) : Words.plain(level(measure, of, last), measure.decimals)) : "";
    draw(one, emulated, cost || tellable(measure));
    overlay(one, part(state.overlay));
    one.says.textContent = cost ? (of ? quiet ? "The reference is the zero line." : `${costWords(of)}. ${payback(of)}` : "No answer here: beyond what was simulated.") : says(measure, of);
    if (cost) fillCost(one, of); else fill(one, of, measure);
  }
  const soon = () => { waiting = waiting || requestAnimationFrame(update); };

  /* -- levers ----------------------------------------------------------------------------------------------------- */
  function reflect(place, from) {
    const { slider, number, row, beyond: note } = boxes[place], lever = levers[place], value = state.values[place];
    if (from !== "slider") slider.value = value;
    if (from !== "number") number.value = Number(value.toPrecision(5));
    slider.setAttribute("aria-valuetext", `${value} ${lever.unit}`);
    row.classList.toggle("moved", value !== lever.now);
    const outside = beyond().includes(place);
    note.hidden = !outside;
    number.setAttribute("aria-invalid", outside);
    const group = row.closest(".group"), count = group.querySelectorAll(".moved").length;
    group.querySelector(".count").textContent = count ? `(${count} moved)` : "";
  }
  function set(place, value, from) {
    tell(simulated() ? "The what-if is put away: the levers start from the reference." : "");
    tellOfFile("");
    state.values[place] = value;
    state.overlay = null;
    if (state.whatIf) chosen("");
    reflect(place, from);
    settled();
  }
  function settled() {
    soon();
    clearTimeout(settled.timer);
    settled.timer = setTimeout(() => history.replaceState(null, "", fragment()), 250);
  }
  levers.forEach((lever, place) => {
    const { slider, number } = boxes[place];
    slider.addEventListener("input", () => {
      /* The slider's steps start at its low end, so that now is met only nearly. */
      const value = Number(slider.value), near = Math.abs(value - lever.now) < lever.step / 2;
      set(place, near ? lever.now : Number(value.toPrecision(6)), "slider");
    });
    number.addEventListener("input", () => set(place, number.value === "" ? NaN : Number(number.value), "number"));
    number.addEventListener("change", () => { if (number.value === "") { set(place, lever.now); } });
  });
  $("start").addEventListener("change", () => {
    state.start = Number($("start").value);
    state.overlay = null;
    chosen("");
    tell("");
    settled();
  });
  function reset() {
    tell("");
    tellOfFile("");
    state.values = levers.map((lever) => lever.now);
    state.overlay = null;
    state.start = model.page.start;
    $("start").value = state.start;
    levers.forEach((lever, place) => reflect(place));
  }
  function chosen(name) {
    state.whatIf = name;
    $("what-if").value = name;
    const one = model.what_ifs.find((other) => other.name === name);
    $("why").textContent = one ? one.why + (one.answer ? ` Simulated beforehand: ${one.because}. It acts from its own dates.` : "") : "";
    $("start").disabled = Boolean(one && one.answer);
  }
  function choose(name) {
    const one = model.what_ifs.find((other) => other.name === name);
    reset();
    if (one && one.values) {
      state.values = [...one.values];
      state.start = one.start;
      $("start").value = state.start;
      levers.forEach((lever, place) => reflect(place));
    }
    chosen(name);
    settled();
  }
  $("what-if").addEventListener("change", () => choose($("what-if").value));
  $("reset").addEventListener("click", () => { choose(""); });

  document.querySelectorAll("input[name=view]").forEach((input) => input.addEventListener("change", () => {
    state.view = input.value;
    document.documentElement.dataset.view = input.value;
    soon();
  }));

  /* -- links, files, simulating ------------------------------------------------------------------------------------ */
  function fragment() {
    const parts = [];
    if (state.whatIf) parts.push(["what-if", state.whatIf]);
    else {
      if (state.start !== model.page.start) parts.push(["from", labels[state.start]]);
      for (const place of moved()) parts.push([levers[place].name, state.values[place]]);
    }
    return "#" + parts.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join("&");
  }
  function follow() {
    const given = new URLSearchParams(location.hash.slice(1));
    const name = given.get("what-if");
    reset();
    chosen("");
    if (model.what_ifs.some((one) => one.name === name)) choose(name);
    else {
      const year = labels.indexOf(given.get("from"));
      if (year >= 0 && year < last) state.start = year;
      levers.forEach((lever, place) => {
        const value = Number(given.get(lever.name));
        if (given.has(lever.name) && Number.isFinite(value)) state.values[place] = value;
        reflect(place);
      });
    }
    $("start").value = state.start;
    soon();
  }
  window.addEventListener("hashchange", follow);
  const quoted = (text) => '"' + text.replace(/[\u0000-\u001f\u007f\ud800-\udfff]/g, " ").replace(/\\/g, "\\\\").replace(/"/g, '\\"') + '"';
  const title = () => $("title").value.trim().slice(0, 200) || "My what-if";
  function scenario() {
    const from = model.page.first_year + state.start, day = `${from}-04-01`;
    const lines = ["[scenario]", "format = 2", `title = ${quoted(title())}`, `why = ${quoted(`Levers as set on the page of ${model.page.title}.`)}`, ...model.page.extends];
    for (const place of moved()) lines.push("", `[set."${levers[place].name}"]`, `path = [[${day}, ${state.values[place]}]]`, 'because = "set on a page"');
    return lines.join("\n") + "\n";
  }
  const fileName = () => (title().toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "") || "my_what_if") + ".toml";
  $("save").addEventListener("click", () => {
    const kept = model.what_ifs.find((one) => one.name === state.whatIf && one.answer);
    if (kept) return tellOfFile(`This what-if is a scenario already: ${kept.file}. Run it with: demandsim run ${kept.file}${model.page.options}`);
    if (!moved().length) return tellOfFile("Nothing is moved: move a lever first.");
    if (state.values.some((value) => !Number.isFinite(value))) return tellOfFile("A box is empty: give it a number first.");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([scenario()], { type: "text/plain" }));
    link.download = fileName();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    return tellOfFile(`Saved as ${link.download}${model.page.beside}. Run it with: ${runs(link.download)}`);
  });
  const runs = (file) => model.page.runs.replace("FILE", file);
  function tell(text) { $("said").textContent = text; }
  function tellOfFile(text) { $("said-of-file").textContent = text; }
  $("link").addEventListener("click", async () => {
    const address = location.href.split("#")[0] + fragment();
    history.replaceState(null, "", fragment());
    try {
      await navigator.clipboard.writeText(address);
      tellOfFile("Link copied. It holds these settings.");
    } catch { tellOfFile(`The address of this page holds these settings: ${address}`); }
  });
  $("simulate").addEventListener("click", async () => {
    if (simulated()) return tell("This what-if has been simulated already.");
    if (still()) return tell("Nothing is moved: move a lever first.");
    if (!model.serve) return tell(`A page in a file can't simulate. Save the scenario, then: ${runs(fileName())}. Or open this page with: ${model.page.serve_with}`);
    const button = $("simulate"), asked = { values: [...state.values], start: state.start };
    button.disabled = true;
    tell("Simulating ...");
    const started = performance.now();
    try {
      const reply = await fetch("simulate", { method: "POST", headers: { "Content-Type": "application/json", "X-Token": model.serve }, body: JSON.stringify(asked) });
      const content = await reply.json();
      if (!reply.ok) throw new Error(content.error);
      if (JSON.stringify(asked) === JSON.stringify({ values: state.values, start: state.start })) {
        state.overlay = content;
        tell(`Simulated ${content.replications} replications in ${((performance.now() - started) / 1000).toFixed(1)} seconds: dots are the simulation's mean, bars its 90% interval.`);
        soon();
      } else tell("The levers were moved meanwhile: simulate again.");
    } catch (error) { tell(`Not simulated: ${error.message}`); }
    button.disabled = false;
    return undefined;
  });
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("#pictures details").forEach((one) => { one.open = true; });
    update();
  });
  for (const one of figures) one.table.addEventListener("toggle", soon);
  document.querySelectorAll("details.part").forEach((part) => part.addEventListener("toggle", soon));
  /* What has the focus is not to lie under the finding, which stays on top. */
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${document.querySelector(".finding").offsetHeight + 16}px`;
  }).observe(document.querySelector(".finding"));
  document.documentElement.classList.remove("no-js");
  document.querySelectorAll("[data-live]").forEach((element) => { element.hidden = false; });
  follow();
  update();
})();
