// The list is replaced in place, and its address with it: the links to other languages lead to what is shown now.
addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("a[hreflang]")) link.search = location.search;
});
