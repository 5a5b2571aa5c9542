// A number out of bounds is named as such by the browser, beside its field: Streamlit only turns the
// field red and keeps the number before. Too large a number is refused while it is typed, too small
// a one at Enter, since it may be the beginning of a larger one.
(() => {
  const refuse = (kinds) => ({ target }) => {
    if (kinds.some((kind) => target.validity?.[kind])) target.reportValidity();
  };
  document.addEventListener("input", refuse(["rangeOverflow"]));
  const refuseBoth = refuse(["rangeOverflow", "rangeUnderflow"]);
  document.addEventListener("keydown", (event) => event.key === "Enter" && refuseBoth(event));
})();
