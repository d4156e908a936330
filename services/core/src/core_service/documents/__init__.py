"""Documents to download: CSV, XLSX and NDJSON, made as they are sent."""
