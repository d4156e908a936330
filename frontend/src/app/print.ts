/** Paper is white: a printed page has the light colours, whichever the screen has. */
const SCHEME = "data-mantine-color-scheme";
const root = document.documentElement;
let onScreen = "light";

export function printLight(): void {
  addEventListener("beforeprint", () => {
    onScreen = root.getAttribute(SCHEME) ?? onScreen;
    root.setAttribute(SCHEME, "light");
  });
  addEventListener("afterprint", () => { root.setAttribute(SCHEME, onScreen); });
}
