"""The embedded edge: a streaming ASGI proxy that asks the policy in process."""
