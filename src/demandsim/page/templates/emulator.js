"use strict";
/* The emulator's arithmetic: what demandsim.page.answers does in Python. */
function Emulator(model) {
  const years = model.years, measures = model.measures, size = years * measures.length, levers = model.levers;
  const numbers = (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Float32Array(bytes.buffer);
  };
  const layers = model.networks.map((network) =>
    network.map((layer) => ({ rows: layer.rows, columns: layer.columns, weights: numbers(layer.weights), added: numbers(layer.added) })));
  const quadratic = numbers(model.quadratic), scale = numbers(model.scale);
  const spread = numbers(model.spread), costSpread = numbers(model.cost_spread);

  function through(layer, given, bend) {
    const out = Float64Array.from(layer.added);
    for (let row = 0; row < layer.rows; row++) {
      const value = given[row];
      if (value !== 0) for (let column = 0, at = row * layer.columns; column < layer.columns; column++, at++) out[column] += value * layer.weights[at];
    }
    if (bend) for (let column = 0; column < out.length; column++) out[column] = Math.tanh(out[column]);
    return out;
  }
  const forward = (network, given) =>
    network.reduce((values, layer, place) => through(layer, values, place < network.length - 1), given);
  const nothing = layers.map((network) => forward(network, new Float64Array(levers)));

  function moves(scaled) {
    const terms = [...scaled, ...scaled.map((value) => value * value), ...model.pairs.map(([one, other]) => scaled[one] * scaled[other])];
    const found = new Float64Array(size);
    terms.forEach((term, row) => {
      if (term !== 0) for (let column = 0, at = row * size; column < size; column++, at++) found[column] += model.share * term * quadratic[at];
    });
    layers.forEach((network, place) => {
      const out = forward(network, scaled), rest = (1 - model.share) / layers.length;
      for (let column = 0; column < size; column++) found[column] += rest * (out[column] - nothing[place][column]);
    });
    for (let column = 0; column < size; column++) found[column] *= scale[column];
    return found;
  }

  /* A level moved from the usual one. */
  function moved(one, usual, shift) {
    if (one.share) return Math.min(100, Math.max(0, usual + shift));
    return Math.max(0, (usual + one.offset) * Math.exp(Math.min(5, Math.max(-5, shift))) - one.offset);
  }
  const reach = (usual, width, sign) => usual * sign >= 0 ? sign * Math.hypot(usual, width) : usual + sign * width;
  function end(one, usual, limit, level, shift, width, sign) {
    if (one.share) return Math.min(100, Math.max(0, level + reach(limit - usual, width, sign)));
    const usualWidth = Math.log((Math.max(0, limit) + one.offset) / (usual + one.offset));
    return moved(one, usual, shift + reach(usualWidth, width, sign));
  }

  /* Levels, differences and cost of a setting that acts from a year on. */
  return function answer(scaled, start) {
    const shifts = moves(scaled), sizes = scaled.map(Math.abs), all = [];
    const cost = { mean: new Float64Array(years), low: new Float64Array(years), high: new Float64Array(years) };
    const extra = new Float64Array(years);
    measures.forEach((one, place) => {
      const found = {};
      for (const name of ["mean", "low", "high", "difference", "less", "more"]) found[name] = new Float64Array(years);
      for (let year = 0; year < years; year++) {
        const since = year - start, at = since * measures.length + place;
        let shift = 0, variance = 0;
        if (since >= 0) {
          shift = shifts[at];
          for (let lever = 0; lever < levers; lever++) variance += sizes[lever] * spread[lever * size + at];
        }
        const width = model.half * Math.sqrt(variance), usual = one.mean[year];
        if (!one.share) shift += Math.min(variance / 2, model.most_bias);
        const level = moved(one, usual, shift);
        found.mean[year] = level;
        found.low[year] = end(one, usual, one.low[year], level, shift, width, -1);
        found.high[year] = end(one, usual, one.high[year], level, shift, width, 1);
        found.difference[year] = level - usual;
        found.less[year] = moved(one, usual, shift - width) - usual;
        found.more[year] = moved(one, usual, shift + width) - usual;
        if (one.spend) extra[year] += level - usual;
      }
      all.push(found);
    });
    let sum = 0;
    for (let year = 0; year < years; year++) {
      let variance = 0;
      const since = year - start;
      if (since >= 0) for (let lever = 0; lever < levers; lever++) variance += sizes[lever] * costSpread[lever * years + since];
      const width = model.half * Math.sqrt(variance);
      sum += extra[year];
      cost.mean[year] = sum; cost.low[year] = sum - width; cost.high[year] = sum + width;
    }
    return { measures: all, cost };
  };
}
