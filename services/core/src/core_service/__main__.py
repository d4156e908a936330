"""`python -m core_service` serves the API."""

from core_service.main import main

main()
