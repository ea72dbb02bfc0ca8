// The list is replaced in place. The fold of its filters stays as it was, and the focus goes to the control that it was on;
// where that is gone, to the line that says how much was found.
let isOpen, focused;

addEventListener("htmx:beforeSwap", () => {
  isOpen = document.querySelector("#record details")?.open;
  focused = document.activeElement.closest("#record") ? document.activeElement.id || "found" : "";
});

addEventListener("htmx:afterSwap", () => {
  const fold = document.querySelector("#record details");
  if (fold && isOpen !== undefined) fold.open = isOpen;
  if (!focused || document.activeElement.id === focused) return;
  document.getElementById(focused)?.focus();
  if (document.activeElement.id !== focused) document.getElementById("found").focus();
  focused = "";
});
