// Runs before the first paint: turns "auto" into what the computer prefers, so that no page flashes.
(() => {
  const root = document.documentElement;
  root.dataset.themeChoice = root.dataset.bsTheme;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = root.dataset.themeChoice;
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  };
  dark.addEventListener("change", apply);
  document.addEventListener("theme-chosen", apply);
  // Paper is always light.
  addEventListener("beforeprint", () => (root.dataset.bsTheme = "light"));
  addEventListener("afterprint", apply);
  apply();
})();
