export default import.meta.glob<Record<string, unknown>>("/src/*/en.json", { eager: true, import: "default" });
