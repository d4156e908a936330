import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", sw: "Kiswahili" } as const;
export type Language = keyof typeof LANGUAGES;
const REMEMBERED = "masijala-language";

/** Each page's texts are in its folder; one language is one file of the build. */
const texts = { en: () => import("./texts-en"), sw: () => import("./texts-sw") };

function preferred(): Language {
  const wanted = localStorage.getItem(REMEMBERED) ?? navigator.language.slice(0, 2);
  return wanted === "sw" ? "sw" : "en";
}

async function load(language: Language): Promise<void> {
  const { default: found } = await texts[language]();
  for (const [path, page] of Object.entries(found)) {
    i18next.addResourceBundle(language, path.split("/").at(-2) ?? "", page, true, true);
  }
  document.documentElement.lang = language;
}

export async function startTexts(): Promise<void> {
  const language = preferred();
  await i18next.use(initReactI18next).init({
    lng: language,
    defaultNS: "app",
    resources: {},
    interpolation: { escapeValue: false },
  });
  await load(language);
}

export async function speak(language: Language): Promise<void> {
  localStorage.setItem(REMEMBERED, language);
  await load(language);
  await i18next.changeLanguage(language);
}
