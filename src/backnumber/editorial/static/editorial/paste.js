// What is pasted with its markup is sent with it; typing into the box afterwards sends what is in the box.
(() => {
  const box = document.querySelector("[data-paste]");
  const html = document.querySelector("input[name='html']");
  const kept = document.querySelector("[data-kept]");
  if (!box || !html) return;
  box.addEventListener("paste", (event) => {
    const markup = event.clipboardData.getData("text/html");
    const isWhole = !box.value || (box.selectionStart === 0 && box.selectionEnd === box.value.length);
    html.value = markup && isWhole ? markup : "";
    if (kept) kept.hidden = !html.value;
  });
  box.addEventListener("input", (event) => {
    if (event.inputType === "insertFromPaste") return;
    html.value = "";
    if (kept) kept.hidden = true;
  });
})();
