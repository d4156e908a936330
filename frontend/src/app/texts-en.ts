/** The texts of what everybody sees first. */
export default import.meta.glob<Record<string, unknown>>("/src/{app,parts,session,today}/en.json", { eager: true, import: "default" });
