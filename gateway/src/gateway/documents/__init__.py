"""The services' OpenAPI descriptions as one document of the whole public API."""
