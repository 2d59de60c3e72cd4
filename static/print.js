// The print button of pages that are made for paper.
for (const button of document.querySelectorAll("button[hidden]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
