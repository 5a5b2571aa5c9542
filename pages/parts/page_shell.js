// The history of the browser has the pages that were visited, and no address that was not.
//
// Streamlit adds an entry for every parameter that the server writes. And it takes the parameters
// that a page writes while it is being left along to the next page's address.
(() => {
  const { pushState } = history;
  history.pushState = function (state, title, url) {
    const next = new URL(url, location.href);
    if (next.pathname === location.pathname) return history.replaceState(state, title, url);
    if (next.search === location.search) next.search = "";
    return pushState.call(history, state, title, next);
  };
})();
