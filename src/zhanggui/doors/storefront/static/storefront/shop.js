// Small comforts on top of pages that work without them: steppers, folding checkout blocks, no double orders.
(() => {
  const ready = () => {
    for (const node of document.querySelectorAll("[data-step], [data-next], [data-print]")) node.hidden = false;
    for (const node of document.querySelectorAll("[data-needless-with-script]")) node.hidden = true;
  };
  ready();

  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) {
      const field = step.closest("[data-stepper]").querySelector("input");
      if (step.dataset.step > 0) field.stepUp();
      else field.stepDown();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (event.target.closest("[data-print]")) print();
    const next = event.target.closest("[data-next]");
    if (next) fold(next.closest("[data-block]"));
  });

  // A block that is done folds, says in one line what was chosen, and the next one opens.
  const fold = (block) => {
    for (const field of block.querySelectorAll("input, select"))
      if (!field.reportValidity()) return;
    block.querySelector(".block-said").textContent = summary(block);
    block.open = false;
    block.dataset.settled = "";
    block.dispatchEvent(new CustomEvent("done", { bubbles: true }));
    const following = block.parentElement.querySelector("[data-block]:not([data-settled])");
    if (!following) return;
    following.open = true;
    following.querySelector("summary").focus();
  };

  const summary = (block) => {
    const chosen = block.querySelector("input[type=radio]:checked");
    if (chosen) return chosen.closest(".choice").querySelector("strong").textContent;
    const typed = ["recipient", "city", "street"].map((name) => block.querySelector(`[name=${name}]`));
    if (typed[0]) return typed.map((field) => field.value).join(" · ");
    const only = block.querySelector(".choice strong");
    return only ? only.textContent : "";
  };

  // A wrong field inside a folded block would be wrong in silence.
  document.addEventListener("invalid", (event) => {
    const block = event.target.closest("details");
    if (block) block.open = true;
  }, true);

  // Another place or another way to deliver costs something else: the checkout asks for its sum and its ways again, and
  // nothing else is put anew, so that what is being typed stays.
  document.addEventListener("htmx:afterSwap", ready);

  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-look]")) document.querySelector("[data-look-button]")?.click();
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // What went well has been seen after a while; the number on the cart stays.
  document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
    ready();
    for (const notice of detail.target.querySelectorAll(".notice.is-good")) setTimeout(() => notice.remove(), 5000);
  });

  // The order's key stops a second order anyway; this spares the shopper a second wait.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
  });
})();
