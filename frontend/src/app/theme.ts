import { createTheme, type CSSVariablesResolver } from "@mantine/core";

/** Text on filled colours and links keeps WCAG's contrast of 4.5 in both schemes. */
export const theme = createTheme({
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    // Its title is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: "presentation" } } } },
    Anchor: { defaultProps: { underline: "always" } },
  },
});

/** Text on what the pointer is over keeps it as well: a shade darker, blue on blue would have 4.0. */
export const pointedAt: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  dark: {},
  light: Object.fromEntries(
    Object.keys(colors).map((name) => [`--mantine-color-${name}-light-hover`, `var(--mantine-color-${name}-1)`]),
  ),
});
