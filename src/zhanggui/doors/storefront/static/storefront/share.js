// Copies the link that is passed on; without scripts it can be marked and copied by hand.
(() => {
  const button = document.querySelector("[data-copy]");
  const field = document.querySelector("[data-copy-from]");
  if (!button || !field) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    const words = button.querySelector("[data-copy-words]");
    words.textContent = words.dataset.done;
  });
})();
