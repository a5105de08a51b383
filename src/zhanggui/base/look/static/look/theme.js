// Light, dark, or as the device says. The server renders the remembered choice; this makes a change of it instant.
// <form data-theme-switch> with <button name="theme" value="light|dark|auto">; without a script the form is posted.
(() => {
  const root = document.documentElement;
  const show = (theme) => {
    if (theme === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    for (const button of document.querySelectorAll("[data-theme-switch] [name=theme]"))
      button.setAttribute("aria-pressed", String(button.value === theme));
  };
  document.addEventListener("submit", (event) => {
    const theme = event.target.matches("[data-theme-switch]") && event.submitter && event.submitter.value;
    if (!theme) return;
    event.preventDefault();
    const secure = location.protocol === "https:" ? ";Secure" : "";
    document.cookie = `theme=${theme};path=/;max-age=31536000;SameSite=Lax${secure}`;
    show(theme);
  });
})();
