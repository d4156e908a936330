"""What core's tests share; nothing that is deployed imports it."""
