"use strict";
/* Numbers and changes in words, as the rest of demandsim has them. */
const Words = (() => {
  const plain = (value, decimals) => Math.abs(value).toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const zero = (value, decimals) => Number(Math.abs(value).toFixed(decimals)) === 0;
  function level(one, value) {
    const size = plain(value, one.decimals), sign = value < 0 && !zero(value, one.decimals) ? "−" : "";
    if (one.unit.startsWith("£")) return `${sign}£${size} million`;
    return one.unit.startsWith("%") ? `${sign}${size}%` : sign + size;
  }
  const pairs = (one) => one.unit.startsWith("£") ? ["more", "less"] : one.counted ? ["more", "fewer"] : ["higher", "lower"];
  function amount(one, value) {
    const size = plain(value, one.decimals);
    if (one.unit.startsWith("£")) return `£${size} million`;
    return one.unit.startsWith("%") ? `${size} points` : size;
  }
  function change(one, value) {
    if (zero(value, one.decimals)) return "none";
    const [up, down] = pairs(one);
    return `${amount(one, value)} ${value > 0 ? up : down}`;
  }
  const rounded = (one, value) => Number(value.toFixed(one.decimals));
  function span(one, low, high) {
    const [up, down] = pairs(one);
    if (zero(low, one.decimals) && zero(high, one.decimals)) return "no change either way";
    if (low > 0 && high > 0 && !zero(low, one.decimals)) return `${amount(one, low)} to ${amount(one, high)} ${up}`;
    if (low < 0 && high < 0 && !zero(high, one.decimals)) return `${amount(one, high)} to ${amount(one, low)} ${down}`;
    return `${change(one, low)} to ${change(one, high)}`;
  }
  const signed = (one, value) => zero(value, one.decimals) ? "0" : (value < 0 ? "−" : "+") + plain(value, one.decimals);
  return { plain, zero, rounded, level, amount, change, span, signed };
})();
