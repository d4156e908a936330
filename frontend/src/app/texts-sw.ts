/** The texts of what everybody sees first. */
export default import.meta.glob<Record<string, unknown>>("/src/{app,parts,session,today}/sw.json", { eager: true, import: "default" });
