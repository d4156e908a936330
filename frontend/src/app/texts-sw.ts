export default import.meta.glob<Record<string, unknown>>("/src/*/sw.json", { eager: true, import: "default" });
