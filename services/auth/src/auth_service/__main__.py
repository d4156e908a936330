"""`python -m auth_service` serves."""

from auth_service.main import main

if __name__ == "__main__":
    main()
