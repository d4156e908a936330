"""The one policy that both edges ask: who is calling, and may this request pass?"""
