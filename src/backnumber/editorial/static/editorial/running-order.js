// Dragging in the running order writes the numbers that may also be typed. Without it they are typed.
(() => {
  const rows = document.querySelector("[data-running-order]");
  if (!rows) return;
  let dragged = null;

  const number = () => {
    [...rows.querySelectorAll("input[name$='-place']")].forEach((field, at) => {
      field.value = at + 1;
    });
  };
  const under = (y) =>
    [...rows.children].find((row) => {
      const box = row.getBoundingClientRect();
      return row !== dragged && y >= box.top && y <= box.bottom;
    });
  const move = (event) => {
    if (!dragged) return;
    const other = under(event.clientY);
    if (!other) return;
    const box = other.getBoundingClientRect();
    const isBelow = event.clientY > box.top + box.height / 2;
    other[isBelow ? "after" : "before"](dragged);
    number();
  };
  const drop = () => {
    if (dragged) dragged.classList.remove("is-dragged");
    dragged = null;
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", drop);
  };

  rows.querySelectorAll("[data-drag-handle]").forEach((handle) => {
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      dragged = handle.closest("tr");
      dragged.classList.add("is-dragged");
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", drop);
      document.addEventListener("pointercancel", drop);
    });
  });
})();
