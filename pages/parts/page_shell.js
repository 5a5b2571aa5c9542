// The history of the browser has the pages that were visited, each with the address it was left with.
//
// Streamlit adds an entry for every parameter that the server writes. It takes parameters out of an
// address when that page is being left, and those that the page still writes along to the next one's.
(() => {
  const { pushState, replaceState } = history;
  let clicked; // the address at the last click, which may lead to another page
  let dropped; // parameters since then that were of another page
  const remember = () => ([clicked, dropped] = [new URL(location.href), null]);
  document.addEventListener("click", remember, true);
  remember();

  history.pushState = function (state, title, url) {
    const next = new URL(url, location.href);
    if (next.pathname === location.pathname) return history.replaceState(state, title, url);
    const isLinkToRun = next.searchParams.has("look"); // whose parameters are of the next page
    if (next.search && !isLinkToRun && [location.search, dropped].includes(next.search)) {
      dropped = next.search;
      next.search = "";
    }
    if (clicked.pathname === location.pathname) replaceState.call(history, history.state, "", clicked);
    return pushState.call(history, state, title, next);
  };
})();
