// A picture's link opens it in a dialog over the page. Without this file the link leads to the picture by itself.
(() => {
  const links = document.querySelectorAll("a.enlarge");
  if (!links.length || !window.HTMLDialogElement) return;

  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  document.body.append(dialog);
  let from = null;

  const picture = (link) => {
    const small = link.querySelector("img");
    const large = document.createElement("img");
    large.src = link.href;
    large.alt = small.alt;
    large.width = Number(small.getAttribute("width"));
    large.height = Number(small.getAttribute("height"));
    dialog.style.setProperty("--ratio", String(large.width / large.height || 1));
    return large;
  };

  const open = (link) => {
    const figure = document.createElement("figure");
    const caption = link.closest("figure")?.querySelector("figcaption");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button quiet";
    close.textContent = "Close";
    figure.append(picture(link));
    if (caption) figure.append(caption.cloneNode(true));
    dialog.setAttribute("aria-label", link.querySelector("img").alt || "The picture, enlarged");
    dialog.replaceChildren(close, figure);
    from = link;
    dialog.showModal();
  };

  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      open(link);
    });
  }
  // Links and words of a caption are to be used, not to close.
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("figcaption")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    from?.focus({ preventScroll: true });
  });
})();
