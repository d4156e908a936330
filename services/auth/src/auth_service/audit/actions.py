"""What the audit log records, and the outcomes."""

from enum import StrEnum


class Action(StrEnum):
    """What happened."""

    LOGIN = "login"
    REFRESH = "refresh"
    REFRESH_REUSE = "refresh-reuse"
    LOGOUT = "logout"
    SESSION_END = "session-end"
    PASSWORD_CHANGE = "password-change"  # noqa: S105 - an event, not a secret
    USER_CREATE = "user-create"
    PASSWORD_FORGOT = "password-forgot"  # noqa: S105 - an event, not a secret
    PASSWORD_RESET = "password-reset"  # noqa: S105 - an event, not a secret
    INVITATION = "invitation"
    USER_UPDATE = "user-update"
    USER_ACTIVATE = "user-activate"
    USER_DEACTIVATE = "user-deactivate"
    GRANT_ADD = "grant-add"
    GRANT_CHANGE = "grant-change"
    GRANT_REMOVE = "grant-remove"
    COURT_GROUP_CREATE = "court-group-create"
    COURT_GROUP_CHANGE = "court-group-change"
    COURT_GROUP_DELETE = "court-group-delete"
    SESSION_RENAME = "session-rename"
    USER_ANONYMISE = "user-anonymise"
    CLIENT_TOKEN = "client-token"  # noqa: S105 - an event, not a secret
    CLIENT_CHANGE = "client-change"
    CLIENT_DELETE = "client-delete"
    TOKEN_REVOKE = "token-revoke"  # noqa: S105 - an event, not a secret
    KEY_CREATE = "key-create"
    KEY_ROTATE = "key-rotate"
    AUDIT_EXPORT = "audit-export"
    AUDIT_PRUNE = "audit-prune"
    USER_IMPORT = "user-import"
    ACCOUNT_LOCK = "account-lock"
    ACCOUNT_UNLOCK = "account-unlock"
    LOGIN_CHALLENGE = "login-challenge"
    STEP_UP = "step-up"
    FACTOR_ADD = "factor-add"
    FACTOR_USE = "factor-use"
    FACTOR_REMOVE = "factor-remove"
    FACTOR_RESET = "factor-reset"
    RECOVERY_CODES = "recovery-codes"
    EMAIL_CHANGE_REQUEST = "email-change-request"
    EMAIL_CHANGE = "email-change"
    EMAIL_CHANGE_UNDO = "email-change-undo"
    CODE_ISSUE = "code-issue"
    CODE_USE = "code-use"
    MAIL = "mail"
    IDENTITY_LINK = "identity-link"
    IDENTITY_UNLINK = "identity-unlink"
    DIRECTORY_LOGOUT = "directory-logout"
    GROUP_MAPPING_ADD = "group-mapping-add"
    GROUP_MAPPING_REMOVE = "group-mapping-remove"
    RESTORE = "restore"


class EventOutcome(StrEnum):
    """How it ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    DENIED = "denied"
