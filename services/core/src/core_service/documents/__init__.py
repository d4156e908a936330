"""Documents that people take away: CSV, XLSX and NDJSON, made as they are sent."""
