"""The policy: who is calling, and may this request pass?"""
