import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", sw: "Kiswahili" } as const;
export type Language = keyof typeof LANGUAGES;
const REMEMBERED = "masijala-language";

/** Each page's texts are in its folder. What is seen first is one file of the build, other pages have theirs. */
const first = { en: () => import("./texts-en"), sw: () => import("./texts-sw") };
const later = import.meta.glob<Record<string, unknown>>(["/src/*/{en,sw}.json", "!/src/{app,parts,session,today}/*.json"], { import: "default" });
type Page = "account" | "approvals" | "case" | "figures" | "find" | "people" | "returns";

const seen = new Set<Page>();
let language = preferred();

function preferred(): Language {
  const wanted = localStorage.getItem(REMEMBERED) ?? navigator.language.slice(0, 2);
  return wanted === "sw" ? "sw" : "en";
}

async function loadFirst(wanted: Language): Promise<void> {
  const { default: found } = await first[wanted]();
  for (const [path, texts] of Object.entries(found)) add(wanted, path.split("/").at(-2) ?? "", texts);
}

async function loadPage(page: Page, wanted: Language): Promise<void> {
  add(wanted, page, (await later[`/src/${page}/${wanted}.json`]?.()) ?? {});
}

function add(wanted: Language, page: string, texts: Record<string, unknown>): void {
  i18next.addResourceBundle(wanted, page, texts, true, true);
}

/** A page's component, with the texts of its folder: neither comes without the other. */
export async function withTexts<T>(page: Page, component: Promise<T>): Promise<T> {
  seen.add(page);
  const [found] = await Promise.all([component, loadPage(page, language)]);
  return found;
}

export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    defaultNS: "app",
    resources: {},
    interpolation: { escapeValue: false },
  });
  await loadFirst(language);
  document.documentElement.lang = language;
}

export async function speak(wanted: Language): Promise<void> {
  localStorage.setItem(REMEMBERED, wanted);
  const pages = () => [...seen].map((page) => loadPage(page, wanted));
  await Promise.all([loadFirst(wanted), ...pages()]);
  language = wanted;
  await Promise.all(pages()); // of a page that was opened meanwhile
  await i18next.changeLanguage(wanted);
  document.documentElement.lang = wanted;
}
