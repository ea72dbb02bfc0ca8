// The frames follow the choice at once, without the button.
for (const select of document.querySelectorAll(".preview-choice select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
