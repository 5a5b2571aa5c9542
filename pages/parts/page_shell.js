// The history of the browser has the pages that were visited, each with the address it was left with.
//
// Streamlit adds an entry for every parameter that the server writes. It takes parameters out of an
// address when that page is being left, and those that the page still writes along to the next one's.
// What the next page writes can come before its path, too: Streamlit changes the path only when it
// draws. But it changes the title at once, and every run gives its page's title before it writes: so
// the title says whose parameters they are. Which page the browser is on it does not say, since a
// path can change before the title does, or after it.
(() => {
  const { pushState, replaceState } = history;
  let clicked; // the address at the last click, which may lead to another page
  let dropped; // parameters since then that were of another page
  let writer; // the page that has written parameters last
  const remember = () => ([clicked, dropped] = [new URL(location.href), null]);
  document.addEventListener("click", remember, true);
  remember();

  // Pages are called by the last part of their path. "Few-shot, run 04d8 · Glimpse" is few_shot.
  const pageAt = (path) => path.split("/").pop();
  const pageOf = (title) => {
    const [name] = title.split(/, run | · /);
    return name === "Glimpse" ? "" : name.toLowerCase().replaceAll(/[ -]/g, "_");
  };

  history.pushState = function (state, title, url) {
    const next = new URL(url, location.href);
    if (next.pathname === location.pathname) {
      writer = pageOf(document.title);
      return history.replaceState(state, title, url);
    }
    const isWrittenByNext = writer === pageAt(next.pathname);
    const isOfNext = isWrittenByNext || next.searchParams.has("look"); // as a link to a run has
    if (next.search && !isOfNext && [location.search, dropped].includes(next.search)) {
      dropped = next.search;
      next.search = "";
    }
    if (clicked.pathname === location.pathname) replaceState.call(history, history.state, "", clicked);
    else if (isWrittenByNext) replaceState.call(history, history.state, "", location.pathname);
    return pushState.call(history, state, title, next);
  };
})();
