// The words of the article while it is written, as they are counted when it is saved: pictures and notes do not count.
(() => {
  const begin = () => {
    const shown = document.querySelector("[data-word-count]");
    const body = document.querySelector("#panel-child-text-body-section, [id$='-body-section']");
    if (!shown || !body) return;
    const fields = ".public-DraftEditor-content, textarea, input[type='text']";
    const isCounted = (field) => {
      const child = field.closest("[data-streamfield-child]");
      const kind = child && child.querySelector("input[type='hidden'][name$='-type']");
      if (kind && ["note", "picture"].includes(kind.value)) return false;
      if (child && child.hasAttribute("aria-hidden")) return false;
      return !field.closest(".Draftail-ComboBox, [hidden], .w-combobox") && (!("name" in field) || field.name.startsWith("body-"));
    };
    const count = () => {
      let words = 0;
      body.querySelectorAll(fields).forEach((field) => {
        if (!isCounted(field)) return;
        const text = "value" in field ? field.value : field.innerText;
        words += text.split(/\s+/).filter(Boolean).length;
      });
      shown.textContent = `${words} ${words === 1 ? shown.dataset.word : shown.dataset.words}`;
    };
    let waiting = null;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(count, 300);
    };
    new MutationObserver(soon).observe(body, { subtree: true, childList: true, characterData: true });
    body.addEventListener("input", soon);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
