// Draws every <figure data-chart="id"> from the specification in <script id="id" type="application/json">.
// The policy forbids code made from text, so expressions are interpreted (ast), and no styles are brought along.
(() => {
  const tokens = () => {
    const said = getComputedStyle(document.documentElement);
    return (name) => said.getPropertyValue(name).trim();
  };
  const NAMES = { ink: "--ink", inksoft: "--ink-soft", line: "--line", raised: "--raised" };
  for (const n of [1, 2, 3, 4, 5, 6]) NAMES[`series${n}`] = `--series-${n}`;

  const draw = (figure) => {
    const data = document.getElementById(figure.dataset.chart);
    if (!data || !window.vegaEmbed) return;
    const spec = JSON.parse(data.textContent);
    const token = tokens();
    delete spec.title;
    spec.config.font = token("--font") || spec.config.font;
    for (const param of spec.params) {
      if (NAMES[param.name]) param.value = token(NAMES[param.name]) || param.value;
      if (param.name === "narrow") param.value = figure.clientWidth < 480;
    }
    const options = {
      ast: true,
      renderer: "svg",
      actions: false,
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    };
    window.vegaEmbed(figure, spec, options);
  };
  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);

  drawAll();
  document.addEventListener("console:fresh", drawAll);
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
