// Made by `make frontend-types` from the API's description.
export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/oauth-authorization-server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getIssuerMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["recordActivity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activities/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["recordDayList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activities/{activity_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["correctActivity"];
        trace?: never;
    };
    "/api/v1/activities/{activity_id}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["voidActivity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listActivityTypes"];
        put?: never;
        post: operations["createActivityType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity-types/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getActivityType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeActivityType"];
        trace?: never;
    };
    "/api/v1/adjournment-reasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listAdjournmentReasons"];
        put?: never;
        post: operations["createAdjournmentReason"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjournment-reasons/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAdjournmentReason"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeAdjournmentReason"];
        trace?: never;
    };
    "/api/v1/aliases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listAliases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/aliases/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["decideAliases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/aliases/{alias_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["acceptAlias"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/aliases/{alias_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["rejectAlias"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assignments/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["reassignCases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["exportAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listMyActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["requestEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["applyEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revertEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listMyFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/factors/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["addPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/factors/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["requestPasskeyRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/factors/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["issueRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/factors/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["addAuthenticatorApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/factors/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["validateAuthenticatorApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/factors/{factor_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["removeFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/introspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["introspectToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/enrolment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["requestEnrolmentSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["sendSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["requestPasskeySignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeMe"];
        trace?: never;
    };
    "/api/v1/auth/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listSignInProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["exchangeSignInCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/{provider}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["beginDirectorySignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["checkPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["requestPasswordLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["refreshTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revokeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listMySessions"];
        put?: never;
        post?: never;
        delete: operations["endMySessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["endMySession"];
        options?: never;
        head?: never;
        patch: operations["renameMySession"];
        trace?: never;
    };
    "/api/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["checkSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["requestPasskeyStepUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["issueServiceToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendar-periods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCalendarPeriods"];
        put?: never;
        post: operations["createCalendarPeriod"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendar-periods/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCalendarPeriod"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeCalendarPeriod"];
        trace?: never;
    };
    "/api/v1/case-categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseCategories"];
        put?: never;
        post: operations["createCaseCategory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/case-categories/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCaseCategory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeCaseCategory"];
        trace?: never;
    };
    "/api/v1/case-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseTypes"];
        put?: never;
        post: operations["createCaseType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/case-types/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCaseType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeCaseType"];
        trace?: never;
    };
    "/api/v1/case-weights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseWeights"];
        put?: never;
        post: operations["createCaseWeight"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/case-weights/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCaseWeight"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeCaseWeight"];
        trace?: never;
    };
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCases"];
        put?: never;
        post: operations["createCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["lookupCase"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCase"];
        put?: never;
        post?: never;
        delete: operations["deleteCase"];
        options?: never;
        head?: never;
        patch: operations["changeCase"];
        trace?: never;
    };
    "/api/v1/cases/{case_id}/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseActivities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseAssignments"];
        put?: never;
        post: operations["assignCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/assignments/{assignment_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["endAssignment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/hearings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseHearings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["linkCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseLinks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["restoreCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/seal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["sealCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["setCaseStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/status-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseStatusEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCaseTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["transferCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/unlink": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["unlinkCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/unseal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["unsealCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCaseVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cause-lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCauseList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/court-calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCourtCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/court-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCourtGroups"];
        put?: never;
        post: operations["createCourtGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/court-groups/{group_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCourtGroup"];
        put?: never;
        post?: never;
        delete: operations["deleteCourtGroup"];
        options?: never;
        head?: never;
        patch: operations["changeCourtGroup"];
        trace?: never;
    };
    "/api/v1/courts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCourts"];
        put?: never;
        post: operations["createCourt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/courts/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCourt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeCourt"];
        trace?: never;
    };
    "/api/v1/dashboard/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/recent-activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listRecentActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/diary-load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getDiaryLoad"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["exportActivities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["exportCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/group-mappings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listGroupMappings"];
        put?: never;
        post: operations["addGroupMapping"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/group-mappings/{mapping_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGroupMapping"];
        put?: never;
        post?: never;
        delete: operations["removeGroupMapping"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hearings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["createHearing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hearings/{hearing_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getHearing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeHearing"];
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listImports"];
        put?: never;
        post: operations["createImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["applyImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listImportChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["followImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/issues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listImportIssues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/issues.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["downloadImportIssues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["revertImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listImportRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/rows.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["downloadImportRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/rows/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["retryImportRows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/rows/{row_no}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getImportRow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["repairImportRow"];
        trace?: never;
    };
    "/api/v1/imports/{batch_id}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["validateImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/judges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listJudges"];
        put?: never;
        post: operations["createJudge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/judges/{judge_id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["mergeJudge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/judges/{judge_id}/postings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listJudgePostings"];
        put?: never;
        post: operations["createJudgePosting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/judges/{judge_id}/postings/{posting_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["endJudgePosting"];
        trace?: never;
    };
    "/api/v1/judges/{judge_id}/unmerge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["unmergeJudge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/judges/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJudge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeJudge"];
        trace?: never;
    };
    "/api/v1/metrics/adjournments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAdjournments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/adjournments/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listAdjournmentsCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/backlog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getBacklog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/backlog/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listBacklogCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/clearance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getClearance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/clearance/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listClearanceCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/custody": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCustody"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/custody/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCustodyCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/date-certainty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getDateCertainty"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/date-certainty/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listDateCertaintyCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/disposition-time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getDispositionTime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/disposition-time/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listDispositionTimeCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/judgment-delivery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJudgmentDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/judgment-delivery/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listJudgmentDeliveryCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getMatrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/matrix/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listMatrixCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/pending-age": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getPendingAge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/pending-age/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listPendingAgeCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/productivity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProductivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/productivity/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listProductivityCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getQuality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/quality/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listQualityCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/time-to-disposition": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTimeToDisposition"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/time-to-disposition/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listTimeToDispositionCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/workload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWorkload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/workload/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listWorkloadCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/missing-outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listMissingOutcomes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listOutcomes"];
        put?: never;
        post: operations["createOutcome"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outcomes/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getOutcome"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeOutcome"];
        trace?: never;
    };
    "/api/v1/registry-audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listRegistryAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/monthly": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getMonthlyReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/publications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listPublications"];
        put?: never;
        post: operations["publishMonth"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listChangeRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getChangeRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{request_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["acceptChangeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{request_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["rejectChangeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/returns/compliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listCompliance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listServiceClients"];
        put?: never;
        post: operations["createServiceClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-clients/{client_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getServiceClient"];
        put?: never;
        post?: never;
        delete: operations["deleteServiceClient"];
        options?: never;
        head?: never;
        patch: operations["changeServiceClient"];
        trace?: never;
    };
    "/api/v1/service-clients/{client_key}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["rotateServiceClientSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/time-standards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listTimeStandards"];
        put?: never;
        post: operations["createTimeStandard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/time-standards/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTimeStandard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeTimeStandard"];
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listUsers"];
        put?: never;
        post: operations["inviteUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/v1/users/{user_id}/anonymise": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["anonymiseUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["resetUserFactors"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listUserGrants"];
        put?: never;
        post: operations["addUserGrant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/grants/{grant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getUserGrant"];
        put?: never;
        post?: never;
        delete: operations["removeUserGrant"];
        options?: never;
        head?: never;
        patch: operations["changeUserGrant"];
        trace?: never;
    };
    "/api/v1/users/{user_id}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listUserIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/identities/{identity_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["removeUserIdentity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/one-time-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["issueUserCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["sendPasswordLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listUserSessions"];
        put?: never;
        post?: never;
        delete: operations["endUserSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["endUserSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["unlockUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccessTokenAnswer: {
            access_token: string;
            /** @default Bearer */
            token_type?: string;
            expires_in: number;
        };
        /** @enum {string} */
        Action: "login" | "refresh" | "refresh-reuse" | "logout" | "session-end" | "password-change" | "user-create" | "password-forgot" | "password-reset" | "invitation" | "user-update" | "user-activate" | "user-deactivate" | "grant-add" | "grant-change" | "grant-remove" | "court-group-create" | "court-group-change" | "court-group-delete" | "session-rename" | "user-anonymise" | "client-token" | "client-change" | "client-delete" | "token-revoke" | "key-create" | "key-rotate" | "audit-export" | "audit-prune" | "user-import" | "account-lock" | "account-unlock" | "login-challenge" | "step-up" | "factor-add" | "factor-use" | "factor-remove" | "factor-reset" | "recovery-codes" | "email-change-request" | "email-change" | "email-change-undo" | "code-issue" | "code-use" | "mail" | "identity-link" | "identity-unlink" | "directory-logout" | "group-mapping-add" | "group-mapping-remove" | "restore";
        AppConfirmation: {
            code: string;
        };
        AppCreate: {
            /** @default Authenticator app */
            name?: string;
        };
        AppSecret: {
            /** Format: uuid */
            id: string;
            secret: string;
            uri: string;
        };
        AuditEventRead: {
            sequence: number;
            /** Format: date-time */
            occurred_at: string;
            action: components["schemas"]["Action"];
            outcome: components["schemas"]["EventOutcome"];
            reason: string | null;
            /** Format: uuid */
            actor_id: string | null;
            /** Format: uuid */
            subject_id: string | null;
            /** Format: uuid */
            session_id: string | null;
            client_id: string | null;
            ip: string | null;
            user_agent: string | null;
            request_id: string | null;
            details: {
                [key: string]: unknown;
            };
            position: number | null;
            hash: string | null;
        };
        CodeRead: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
        };
        CourtGroupCreate: {
            name: string;
            courts: string[];
        };
        CourtGroupRead: {
            /** Format: uuid */
            id: string;
            name: string;
            courts: string[];
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        CourtGroupUpdate: {
            name?: string | null;
            courts?: string[] | null;
        };
        /** @enum {string} */
        Delivery: "body" | "cookie";
        EmailChangeRead: {
            email: string;
            /** Format: date-time */
            created_at: string;
            mail: components["schemas"]["MailRead"] | null;
        };
        EmailChangeRequest: {
            email: string;
            /** Format: password */
            current_password?: string | null;
        };
        EmailLinkToken: {
            token: string;
        };
        EnrolmentRequest: {
            challenge_token: string;
        };
        /** @enum {string} */
        EventOutcome: "success" | "failure" | "denied";
        FactorAdded: {
            factor: components["schemas"]["FactorRead"];
            recovery_codes: string[] | null;
        };
        FactorAnswer: {
            challenge_token: string;
            code?: string | null;
            recovery_code?: string | null;
            passkey?: {
                [key: string]: unknown;
            } | null;
            device_token?: string | null;
        };
        /** @enum {string} */
        FactorKind: "totp" | "passkey";
        FactorList: {
            items: components["schemas"]["FactorRead"][];
            recovery_codes_left: number;
            obligatory: boolean;
            /** Format: date-time */
            due_at: string | null;
        };
        FactorRead: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["FactorKind"];
            name: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            last_used_at: string | null;
        };
        GrantCreate: {
            role: components["schemas"]["Role"];
            courts?: string[] | "*" | null;
            /** Format: uuid */
            group_id?: string | null;
            /** Format: date-time */
            begins_at?: string | null;
            /** Format: date-time */
            expires_at?: string | null;
        };
        GrantRead: {
            role: components["schemas"]["Role"];
            courts: string[] | "*";
        };
        GrantUpdate: {
            /** Format: date-time */
            expires_at: string | null;
        };
        GroupMappingCreate: {
            provider: string;
            group: string;
            role: components["schemas"]["Role"];
            courts: string[] | "*";
        };
        GroupMappingRead: {
            /** Format: uuid */
            id: string;
            provider: string | null;
            issuer: string;
            group: string;
            role: components["schemas"]["Role"];
            courts: string[] | "*";
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string | null;
        };
        IdentityRead: {
            /** Format: uuid */
            id: string;
            provider: string | null;
            issuer: string;
            subject: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            last_used_at: string;
        };
        IntrospectionAnswer: {
            active: boolean;
        } & {
            [key: string]: unknown;
        };
        InvitationRead: {
            state: components["schemas"]["InvitationState"];
            /** Format: date-time */
            expires_at: string | null;
        };
        /** @enum {string} */
        InvitationState: "open" | "none";
        Login: {
            email: string;
            /** Format: password */
            password: string;
            device_name?: string | null;
            /** @default body */
            delivery?: components["schemas"]["Delivery"];
            device_token?: string | null;
        };
        MailAnnounced: {
            detail: string;
        };
        MailRead: {
            state: components["schemas"]["MailState"];
            reason: string | null;
            /** Format: date-time */
            at: string;
        };
        /** @enum {string} */
        MailState: "queued" | "sent" | "refused";
        MeRead: {
            /** Format: uuid */
            id: string;
            email: string;
            name: string;
            grants: components["schemas"]["GrantRead"][];
            permissions: components["schemas"]["PermissionsRead"][];
            session: components["schemas"]["SessionRead"];
            /** Format: date-time */
            factor_due_at: string | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        MeUpdate: {
            name: string;
        };
        /** @enum {string} */
        Method: "pwd" | "otp" | "pop" | "recovery" | "oidc" | "mfa";
        MyActivityRead: {
            /** Format: date-time */
            occurred_at: string;
            action: components["schemas"]["Action"];
            outcome: components["schemas"]["EventOutcome"];
            reason: string | null;
            /** Format: uuid */
            session_id: string | null;
            ip: string | null;
            user_agent: string | null;
            by_me: boolean;
        };
        OneTimeCodeIssued: {
            code: string;
            /** Format: date-time */
            expires_at: string;
        };
        AuditEventPage: {
            items: components["schemas"]["AuditEventRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CourtGroupPage: {
            items: components["schemas"]["CourtGroupRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        GroupMappingPage: {
            items: components["schemas"]["GroupMappingRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        IdentityPage: {
            items: components["schemas"]["IdentityRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        MyActivityPage: {
            items: components["schemas"]["MyActivityRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        ServiceClientPage: {
            items: components["schemas"]["ServiceClientRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        SessionPage: {
            items: components["schemas"]["SessionRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        UserGrantPage: {
            items: components["schemas"]["UserGrantRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        UserPage: {
            items: components["schemas"]["UserRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        PasskeyCeremony: {
            challenge_token: string;
            options: {
                [key: string]: unknown;
            };
        };
        PasskeyCreate: {
            challenge_token: string;
            /** @default Passkey */
            name?: string;
            passkey: {
                [key: string]: unknown;
            };
        };
        PasskeySignIn: {
            device_name?: string | null;
            /** @default body */
            delivery?: components["schemas"]["Delivery"];
        };
        PasswordChange: {
            /** Format: password */
            current_password: string;
            /** Format: password */
            new_password: string;
        };
        PasswordCheck: {
            /** Format: password */
            password: string;
            /** @default  */
            email?: string;
            /** @default  */
            name?: string;
        };
        PasswordForgot: {
            email: string;
            device_token?: string | null;
        };
        PasswordReset: {
            token: string;
            /** Format: password */
            new_password: string;
        };
        PasswordVerdict: {
            acceptable: boolean;
            code?: string | null;
            message?: string | null;
        };
        PermissionsRead: {
            courts: string[] | "*";
            permissions: string[];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            request_id: string | null;
            errors?: components["schemas"]["ProblemFieldError"][] | null;
        } & {
            [key: string]: unknown;
        };
        ProblemFieldError: {
            field: string;
            code: string;
            message: string;
        };
        ProviderList: {
            items: components["schemas"]["ProviderRead"][];
        };
        ProviderRead: {
            id: string;
            label: string;
            start: string;
        };
        RecoveryCodes: {
            recovery_codes: string[];
        };
        Refresh: {
            refresh_token?: string | null;
        };
        /** @enum {string} */
        Role: "admin" | "data_entry" | "viewer";
        ServiceClientCreate: {
            client_id: string;
            scopes: string[];
            audiences: string[];
        };
        ServiceClientRead: {
            /** Format: uuid */
            id: string;
            client_id: string;
            scopes: string[];
            audiences: string[];
            is_active: boolean;
            /** Format: date-time */
            previous_secret_until: string | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        ServiceClientSecret: {
            /** Format: uuid */
            id: string;
            client_id: string;
            scopes: string[];
            audiences: string[];
            is_active: boolean;
            /** Format: date-time */
            previous_secret_until: string | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            client_secret: string | null;
        };
        ServiceClientUpdate: {
            scopes?: string[] | null;
            audiences?: string[] | null;
            is_active?: boolean | null;
        };
        ServiceTokenAnswer: {
            access_token: string;
            /** @default Bearer */
            token_type?: string;
            expires_in: number;
            scope: string;
        };
        SessionRead: {
            /** Format: uuid */
            id: string;
            device_name: string | null;
            ip: string | null;
            user_agent: string | null;
            amr: components["schemas"]["Method"][];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            authenticated_at: string;
            /** Format: date-time */
            last_used_at: string;
            /** Format: date-time */
            expires_at: string;
            current: boolean;
        };
        SessionSummary: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            expires_at: string;
        };
        SessionUpdate: {
            name: string;
        };
        SignInExchange: {
            code: string;
            code_verifier: string;
            device_name?: string | null;
            /** @default body */
            delivery?: components["schemas"]["Delivery"];
            device_token?: string | null;
        };
        SignedInUser: {
            /** Format: uuid */
            id: string;
            email: string;
            name: string;
            grants: components["schemas"]["GrantRead"][];
            /** Format: date-time */
            factor_due_at?: string | null;
        };
        StepUpAnswer: {
            challenge_token?: string | null;
            code?: string | null;
            recovery_code?: string | null;
            passkey?: {
                [key: string]: unknown;
            } | null;
        };
        TokenAnswer: {
            access_token: string;
            /** @default Bearer */
            token_type?: string;
            expires_in: number;
            refresh_token?: string | null;
            refresh_expires_in: number;
            device_token?: string | null;
            recovery_codes?: string[] | null;
            session: components["schemas"]["SessionSummary"];
            user: components["schemas"]["SignedInUser"];
        };
        TokenErrorAnswer: {
            error: string;
            error_description: string;
        };
        UserGrantRead: {
            /** Format: uuid */
            id: string;
            role: components["schemas"]["Role"];
            courts: string[] | "*";
            /** Format: uuid */
            group_id: string | null;
            /** Format: date-time */
            begins_at: string | null;
            /** Format: date-time */
            expires_at: string | null;
            version: number;
            /** Format: uuid */
            mapping_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string | null;
        };
        UserInvite: {
            email: string;
            name: string;
            /** @default [] */
            grants?: components["schemas"]["GrantCreate"][];
        };
        UserRead: {
            /** Format: uuid */
            id: string;
            email: string;
            name: string;
            is_active: boolean;
            has_password: boolean;
            is_locked: boolean;
            has_factor: boolean;
            /** Format: date-time */
            factor_due_at: string | null;
            /** Format: date-time */
            dormant_at: string | null;
            /** Format: date-time */
            anonymised_at: string | null;
            /** Format: date-time */
            last_sign_in_at: string | null;
            failed_sign_ins: number;
            invitation: components["schemas"]["InvitationRead"] | null;
            one_time_code: components["schemas"]["CodeRead"] | null;
            email_change: components["schemas"]["EmailChangeRead"] | null;
            mail: components["schemas"]["MailRead"] | null;
            grants: components["schemas"]["UserGrantRead"][];
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        UserUpdate: {
            name?: string | null;
            is_active?: boolean | null;
            email?: string | null;
        };
        ActivityCreate: {
            /** Format: uuid */
            case_id: string;
            /** Format: date */
            activity_on: string;
            /** Format: uuid */
            activity_type_id: string;
            /** Format: uuid */
            outcome_id?: string | null;
            /** Format: uuid */
            reason_id?: string | null;
            /** Format: date */
            next_on?: string | null;
            /** @default [] */
            judge_ids?: string[];
            /** @default 0 */
            applicant_witnesses?: number;
            /** @default 0 */
            defendant_witnesses?: number;
            custody_count?: number | null;
            legal_representation?: boolean | null;
            details?: string | null;
            /** Format: uuid */
            supersedes?: string | null;
            /** @default false */
            allow_duplicate?: boolean;
        };
        ActivityList: {
            items: components["schemas"]["ActivityRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        ActivityRead: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            case_id: string;
            /** Format: date */
            activity_on: string;
            seq: number;
            /** Format: uuid */
            activity_type_id: string;
            /** Format: uuid */
            outcome_id: string | null;
            /** Format: uuid */
            reason_id: string | null;
            /** Format: date */
            next_on: string | null;
            judge_ids: string[];
            applicant_witnesses: number;
            defendant_witnesses: number;
            custody_count: number | null;
            legal_representation: boolean | null;
            details: string | null;
            source: components["schemas"]["SourceRead"];
            /** Format: uuid */
            supersedes_id: string | null;
            /** Format: uuid */
            superseded_by?: string | null;
            sets_status: components["schemas"]["CaseStatus"] | null;
            /** Format: date-time */
            voided_at: string | null;
            /** Format: uuid */
            voided_by: string | null;
            void_reason: components["schemas"]["VoidReason"] | null;
            void_note: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string | null;
            version: number;
        };
        ActivityRecorded: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            case_id: string;
            /** Format: date */
            activity_on: string;
            seq: number;
            /** Format: uuid */
            activity_type_id: string;
            /** Format: uuid */
            outcome_id: string | null;
            /** Format: uuid */
            reason_id: string | null;
            /** Format: date */
            next_on: string | null;
            judge_ids: string[];
            applicant_witnesses: number;
            defendant_witnesses: number;
            custody_count: number | null;
            legal_representation: boolean | null;
            details: string | null;
            source: components["schemas"]["SourceRead"];
            /** Format: uuid */
            supersedes_id: string | null;
            /** Format: uuid */
            superseded_by?: string | null;
            sets_status: components["schemas"]["CaseStatus"] | null;
            /** Format: date-time */
            voided_at: string | null;
            /** Format: uuid */
            voided_by: string | null;
            void_reason: components["schemas"]["VoidReason"] | null;
            void_note: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string | null;
            version: number;
            flags: components["schemas"]["Flag"][];
        };
        ActivityTypeCreate: {
            /** @default true */
            is_active?: boolean;
            /** Format: date */
            valid_from?: string | null;
            /** Format: date */
            valid_to?: string | null;
            label: string;
            counts_as_hearing: boolean;
            adjournable: boolean;
        };
        ActivityTypeRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            /** Format: date */
            valid_from: string | null;
            /** Format: date */
            valid_to: string | null;
            label: string;
            counts_as_hearing: boolean;
            adjournable: boolean;
        };
        ActivityUpdate: {
            /** Format: date */
            activity_on?: string;
            /** Format: uuid */
            activity_type_id?: string;
            /** Format: uuid */
            outcome_id?: string | null;
            /** Format: uuid */
            reason_id?: string | null;
            /** Format: date */
            next_on?: string | null;
            judge_ids?: string[];
            applicant_witnesses?: number;
            defendant_witnesses?: number;
            custody_count?: number | null;
            legal_representation?: boolean | null;
            details?: string | null;
        };
        /** @enum {string} */
        AdjournmentCause: "court" | "party" | "advocate" | "prosecution" | "witness" | "external";
        /** @enum {string} */
        AdjournmentsColumn: "numerator" | "denominator" | "by_court" | "by_party" | "by_advocate" | "by_prosecution" | "by_witness" | "by_external" | "not_stated";
        AdjournmentsItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            adjourned: components["schemas"]["RatioRead"];
            by_cause: components["schemas"]["CausesRead"];
        };
        AdjournmentsRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            by_reason: components["schemas"]["ReasonCountRead"][];
            items: components["schemas"]["AdjournmentsItem"][];
            totals: components["schemas"]["AdjournmentsTotals"];
        };
        AdjournmentsTotals: {
            cases_url: string;
            adjourned: components["schemas"]["RatioRead"];
            by_cause: components["schemas"]["CausesRead"];
        };
        AgesRead: {
            up_to_90_days: number;
            up_to_180_days: number;
            up_to_365_days: number;
            up_to_730_days: number;
            up_to_1095_days: number;
            older: number;
        };
        AliasAccept: {
            /** Format: uuid */
            target_id: string;
            /** Format: uuid */
            court_id?: string | null;
        };
        /** @enum {string} */
        AliasKind: "court" | "judge" | "case_type" | "outcome" | "activity_type" | "reason";
        AliasRead: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["AliasKind"];
            spelling: string;
            raw: string;
            state: components["schemas"]["AliasState"];
            /** Format: uuid */
            target_id: string | null;
            /** Format: uuid */
            first_seen_batch_id: string | null;
            first_seen_row_no: number | null;
            courts: components["schemas"]["CourtAliasRead"][];
            waiting_rows: number;
            candidates: components["schemas"]["CandidateRead"][];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            decided_at: string | null;
            /** Format: uuid */
            decided_by: string | null;
            version: number;
        };
        AliasReject: {
            /** Format: uuid */
            court_id?: string | null;
        };
        /** @enum {string} */
        AliasSort: "id" | "waiting";
        /** @enum {string} */
        AliasState: "pending" | "accepted" | "rejected";
        AnalyticsRead: {
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            kpis: components["schemas"]["KpiRead"];
            trend: components["schemas"]["MonthRead"][];
            ages: components["schemas"]["AgesRead"];
            by_type: components["schemas"]["TypeLoadRead"][];
            by_status: components["schemas"]["StatusRead"];
            courts: components["schemas"]["CourtLoadRead"][];
        };
        AssignmentCreate: {
            /** Format: uuid */
            judge_id: string;
            /** @default lead */
            role?: components["schemas"]["AssignmentRole"];
            /** Format: date */
            from_on: string;
            reason: string;
        };
        AssignmentEnd: {
            /** Format: date */
            ended_on: string;
            reason: string;
        };
        AssignmentList: {
            items: components["schemas"]["AssignmentRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        /** @enum {string} */
        AssignmentOrigin: "bench" | "assigned";
        AssignmentRead: {
            /** Format: uuid */
            id: string;
            judge: components["schemas"]["JudgeBrief"];
            role: components["schemas"]["AssignmentRole"];
            /** Format: date */
            from_on: string;
            /** Format: date */
            to_on: string | null;
            reason: string | null;
            origin: components["schemas"]["AssignmentOrigin"];
            ended_reason: string | null;
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["PersonRead"] | null;
            version: number;
        };
        /** @enum {string} */
        AssignmentRole: "lead" | "member";
        /** @enum {string} */
        AuditAction: "create" | "update" | "delete" | "read" | "export";
        /** @enum {string} */
        BacklogColumn: "over_1_year" | "over_3_years" | "pending" | "crossed_1_year" | "crossed_3_years";
        BacklogItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            over_1_year: components["schemas"]["RatioRead"];
            over_3_years: components["schemas"]["RatioRead"];
            pending: number;
            crossed_1_year: number;
            crossed_3_years: number;
        };
        BacklogRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["BacklogItem"][];
            totals: components["schemas"]["BacklogTotals"];
        };
        BacklogTotals: {
            cases_url: string;
            over_1_year: components["schemas"]["RatioRead"];
            over_3_years: components["schemas"]["RatioRead"];
            pending: number;
            crossed_1_year: number;
            crossed_3_years: number;
        };
        BatchErrorRead: {
            code: string;
            message: string;
        };
        BatchIssueRead: {
            code: components["schemas"]["IssueCode"];
            severity: components["schemas"]["Severity"];
            column: string | null;
            value: string | null;
            message: string;
            suggestion: string | null;
            /** Format: uuid */
            alias_id: string | null;
            /** @default [] */
            candidates?: components["schemas"]["CandidateRead"][];
            row_no: number | null;
        };
        BatchRead: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["BatchState"];
            mode: components["schemas"]["ImportMode"];
            filename: string;
            sha256: string;
            size: number;
            /** Format: uuid */
            court_id: string | null;
            uploaded_by: components["schemas"]["PersonRead"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            counts: components["schemas"]["CountsRead"];
            progress: components["schemas"]["ProgressRead"];
            error: components["schemas"]["BatchErrorRead"] | null;
        };
        /** @enum {string} */
        BatchState: "uploaded" | "validating" | "validated" | "applying" | "applied" | "partial" | "failed" | "reverting" | "reverted";
        CreateImportForm: {
            /** Format: binary */
            file: string;
            /** Format: uuid */
            court_id?: string;
            /** @default apply */
            mode?: components["schemas"]["ImportMode"];
        };
        BulkBody: {
            /** Format: uuid */
            from_judge_id: string;
            to_judge_ids: string[];
            /** Format: uuid */
            court_id?: string | null;
            reason: string;
            plan?: string | null;
        };
        BulkRead: {
            moved: boolean;
            plan: string;
            count: number;
            remaining: number;
            items: components["schemas"]["MoveRead"][];
        };
        /** @enum {string} */
        Cadre: "judge" | "magistrate" | "kadhi" | "adjudicator" | "registrar" | "tribunal_member" | "placeholder";
        CalendarPeriodCreate: {
            name: string;
            /** Format: uuid */
            court_id?: string | null;
            /** Format: date */
            first_on: string;
            /** Format: date */
            last_on: string;
            /** @default false */
            sits?: boolean;
            /** @default true */
            is_active?: boolean;
        };
        CalendarPeriodRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            name: string;
            /** Format: uuid */
            court_id: string | null;
            /** Format: date */
            first_on: string;
            /** Format: date */
            last_on: string;
            sits: boolean;
        };
        CalendarPeriodUpdate: {
            name?: string;
            /** Format: date */
            last_on?: string;
            is_active?: boolean;
        };
        CandidateRead: {
            /** Format: uuid */
            target_id: string;
            name: string;
            score: number;
        };
        CaseCandidate: {
            /** Format: uuid */
            id: string;
            number: string;
            /** Format: date */
            filed_on: string;
        };
        CaseCreate: {
            /** Format: uuid */
            court_id: string;
            caseid_type: string;
            number?: string | null;
            /** @default true */
            e_filed?: boolean;
            /** Format: date */
            filed_on: string;
            /** Format: uuid */
            case_type_id: string;
            /**
             * @default {
             *       "male_applicant": 0,
             *       "female_applicant": 0,
             *       "organization_applicant": 0,
             *       "male_defendant": 0,
             *       "female_defendant": 0,
             *       "organization_defendant": 0
             *     }
             */
            parties?: components["schemas"]["PartiesBody"];
            /** @default {} */
            original?: components["schemas"]["OriginalBody"];
            /** @default 0 */
            custody_count?: number;
            legal_representation?: boolean | null;
        };
        /** @enum {string} */
        CaseNature: "civil" | "criminal";
        CaseRead: {
            /** Format: uuid */
            id: string;
            number: string;
            court: components["schemas"]["CourtBrief"];
            caseid_type: string;
            number_raw: string;
            filed_year: number;
            /** Format: date */
            filed_on: string;
            case_type: components["schemas"]["CaseTypeBrief"];
            status: components["schemas"]["CaseStatus"];
            /** Format: date */
            status_since: string;
            /** Format: date */
            disposed_on: string | null;
            /** Format: date */
            next_hearing_on: string | null;
            /** Format: date */
            last_activity_on: string | null;
            activity_count: number;
            adjournment_count: number;
            lead_judge: components["schemas"]["JudgeBrief"] | null;
            parties: components["schemas"]["PartiesRead"];
            custody_count: number;
            legal_representation: boolean | null;
            original: components["schemas"]["OriginalRead"] | null;
            sealed: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
        };
        CaseRegistered: {
            /** Format: uuid */
            id: string;
            number: string;
            court: components["schemas"]["CourtBrief"];
            caseid_type: string;
            number_raw: string;
            filed_year: number;
            /** Format: date */
            filed_on: string;
            case_type: components["schemas"]["CaseTypeBrief"];
            status: components["schemas"]["CaseStatus"];
            /** Format: date */
            status_since: string;
            /** Format: date */
            disposed_on: string | null;
            /** Format: date */
            next_hearing_on: string | null;
            /** Format: date */
            last_activity_on: string | null;
            activity_count: number;
            adjournment_count: number;
            lead_judge: components["schemas"]["JudgeBrief"] | null;
            parties: components["schemas"]["PartiesRead"];
            custody_count: number;
            legal_representation: boolean | null;
            original: components["schemas"]["OriginalRead"] | null;
            sealed: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            warnings?: components["schemas"]["CaseWarning"][];
        };
        /** @enum {string} */
        CaseSort: "filed_on" | "-filed_on" | "last_activity_on" | "-last_activity_on" | "number" | "-number";
        /** @enum {string} */
        CaseStatus: "pending" | "inactive" | "disposed" | "transferred";
        CaseTypeBrief: {
            /** Format: uuid */
            id: string;
            code: string;
            name: string;
            category: components["schemas"]["CategoryBrief"];
        };
        CaseTypeCreate: {
            /** @default true */
            is_active?: boolean;
            code: string;
            name: string;
            /** Format: uuid */
            category_id: string;
        };
        CaseTypeRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            code: string;
            name: string;
            /** Format: uuid */
            category_id: string;
        };
        CaseTypeUpdate: {
            is_active?: boolean;
            name?: string;
        };
        CaseUpdate: {
            /** Format: date */
            filed_on?: string;
            /** Format: uuid */
            case_type_id?: string;
            parties?: components["schemas"]["PartiesBody"];
            original?: components["schemas"]["OriginalBody"];
        };
        CaseWarning: {
            /**
             * @default POSSIBLE_DUPLICATE
             * @constant
             */
            code?: "POSSIBLE_DUPLICATE";
            message: string;
            candidates: components["schemas"]["CaseCandidate"][];
        };
        CaseWeightCreate: {
            /** @default true */
            is_active?: boolean;
            /** Format: date */
            valid_from?: string | null;
            /** Format: date */
            valid_to?: string | null;
            edition: string;
            label: string;
            /** Format: uuid */
            category_id?: string | null;
            court_type?: components["schemas"]["CourtType"] | null;
            minutes: number;
            judge_year_minutes: number;
            source: string;
            /** @default 1 */
            rank?: number;
        };
        CaseWeightRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            /** Format: date */
            valid_from: string | null;
            /** Format: date */
            valid_to: string | null;
            edition: string;
            label: string;
            /** Format: uuid */
            category_id: string | null;
            court_type: components["schemas"]["CourtType"] | null;
            minutes: number;
            judge_year_minutes: number;
            source: string;
            rank: number;
        };
        CaseWeightUpdate: {
            is_active?: boolean;
            /** Format: date */
            valid_to?: string | null;
            /** Format: uuid */
            category_id?: string | null;
            rank?: number;
        };
        CategoryBrief: {
            /** Format: uuid */
            id: string;
            code: string;
            name: string;
            nature: components["schemas"]["CaseNature"];
        };
        CategoryCreate: {
            /** @default true */
            is_active?: boolean;
            code: string;
            name: string;
            nature: components["schemas"]["CaseNature"];
        };
        CategoryRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            code: string;
            name: string;
            nature: components["schemas"]["CaseNature"];
        };
        CategoryUpdate: {
            is_active?: boolean;
            name?: string;
        };
        CauseList: {
            /** Format: uuid */
            court_id: string;
            /** Format: date */
            on: string;
            items: components["schemas"]["CauseListItem"][];
        };
        CauseListItem: {
            /** Format: uuid */
            hearing_id: string;
            /** Format: uuid */
            case_id: string;
            case_version: number;
            number: string;
            judge: components["schemas"]["JudgeBrief"] | null;
            /** Format: uuid */
            purpose_id: string | null;
            purpose: string | null;
            setting_no: number;
            status: components["schemas"]["HearingStatus"];
        };
        CausesRead: {
            court: number;
            party: number;
            advocate: number;
            prosecution: number;
            witness: number;
            external: number;
            not_stated: number;
        };
        /** @enum {string} */
        ChangeKind: "registered" | "recorded" | "corrected" | "voided" | "changed" | "sealed" | "unsealed" | "deleted" | "restored" | "transferred" | "received" | "status_set" | "linked" | "unlinked" | "assigned" | "assignment_ended" | "rebuilt" | "reverted";
        ChangeRequestRead: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["RequestKind"];
            state: components["schemas"]["RequestState"];
            /** Format: uuid */
            case_id: string | null;
            /** Format: uuid */
            activity_id: string | null;
            /** Format: uuid */
            court_id: string | null;
            /** Format: uuid */
            deciding_court_id: string | null;
            entity: string | null;
            /** Format: uuid */
            entity_id: string | null;
            entity_version: number | null;
            reason: string | null;
            terms: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            requested_at: string;
            requested_by: components["schemas"]["PersonRead"] | null;
            /** Format: date-time */
            decided_at: string | null;
            decided_by: components["schemas"]["PersonRead"] | null;
            decision_note: string | null;
            version: number;
        };
        ChangedCaseRead: {
            column: string;
            change: number;
            /** Format: uuid */
            case_id: string;
            number: string;
        };
        ChangedGroupRead: {
            figure: string;
            group: components["schemas"]["GroupRead"] | null;
            values: components["schemas"]["ChangedValueRead"][];
            cases: components["schemas"]["ChangedCaseRead"][] | null;
        };
        ChangedValueRead: {
            name: string;
            published: number | string | null;
            now: number | string | null;
        };
        /** @enum {string} */
        ClearanceColumn: "numerator" | "denominator" | "ccr_numerator" | "ccr_denominator";
        ClearanceItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            clearance: components["schemas"]["RatioRead"];
            ccr: components["schemas"]["RatioRead"];
        };
        ClearanceRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            fiscal_year: components["schemas"]["PeriodRead"];
            items: components["schemas"]["ClearanceItem"][];
            totals: components["schemas"]["ClearanceTotals"];
        };
        ClearanceTotals: {
            cases_url: string;
            clearance: components["schemas"]["RatioRead"];
            ccr: components["schemas"]["RatioRead"];
        };
        ComplianceRead: {
            /** Format: uuid */
            court_id: string;
            court: string;
            on_time: number;
            late: number;
            due: number;
            missing: number;
            usual_rows: number | null;
            quality: components["schemas"]["ReturnsQualityRead"];
            days: components["schemas"]["SittingDayRead"][];
        };
        CountedCaseRead: {
            /** Format: uuid */
            id: string;
            number: string;
            court: components["schemas"]["CourtBrief"];
            caseid_type: string;
            number_raw: string;
            filed_year: number;
            /** Format: date */
            filed_on: string;
            case_type: components["schemas"]["CaseTypeBrief"];
            status: components["schemas"]["CaseStatus"];
            /** Format: date */
            status_since: string;
            /** Format: date */
            disposed_on: string | null;
            /** Format: date */
            next_hearing_on: string | null;
            /** Format: date */
            last_activity_on: string | null;
            activity_count: number;
            adjournment_count: number;
            lead_judge: components["schemas"]["JudgeBrief"] | null;
            parties: components["schemas"]["PartiesRead"];
            custody_count: number;
            legal_representation: boolean | null;
            original: components["schemas"]["OriginalRead"] | null;
            sealed: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            /** Format: date */
            counted_on: string;
        };
        CountsRead: {
            read: number;
            new: number;
            unchanged: number;
            duplicate: number;
            correction: number;
            held: number;
            rejected: number;
            empty: number;
        };
        CourtAliasRead: {
            /** Format: uuid */
            court_id: string;
            state: components["schemas"]["AliasState"];
            /** Format: uuid */
            target_id: string | null;
            /** Format: date-time */
            decided_at: string;
            /** Format: uuid */
            decided_by: string | null;
        };
        CourtBrief: {
            /** Format: uuid */
            id: string;
            code: string;
            name: string;
            court_type: components["schemas"]["CourtType"];
        };
        CourtCalendarRead: {
            timezone: string;
            /** Format: date */
            today: string;
        };
        CourtCreate: {
            /** @default true */
            is_active?: boolean;
            /** Format: date */
            valid_from?: string | null;
            /** Format: date */
            valid_to?: string | null;
            code: string;
            name: string;
            court_type: components["schemas"]["CourtType"];
            station: string;
            division?: string | null;
            county?: string | null;
            /** Format: uuid */
            parent_id?: string | null;
        };
        CourtLoadRead: {
            filed: number;
            resolved: number;
            pending: number;
            court: components["schemas"]["NamedRead"];
            clearance: components["schemas"]["RatioRead"];
        };
        CourtRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            /** Format: date */
            valid_from: string | null;
            /** Format: date */
            valid_to: string | null;
            code: string;
            name: string;
            court_type: components["schemas"]["CourtType"];
            station: string;
            division: string | null;
            county: string | null;
            /** Format: uuid */
            parent_id: string | null;
        };
        /** @enum {string} */
        CourtType: "SC" | "COA" | "HC" | "ELRC" | "ELC" | "MC" | "KC" | "SCC" | "TC";
        CourtUpdate: {
            is_active?: boolean;
            /** Format: date */
            valid_to?: string | null;
            name?: string;
            station?: string;
            division?: string | null;
            county?: string | null;
            /** Format: uuid */
            parent_id?: string | null;
        };
        /** @enum {string} */
        CustodyColumn: "cases" | "criminal_pending";
        CustodyItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            accused: number;
            cases: number;
            criminal_pending: number;
            median_days: number | null;
            longest_days: number | null;
        };
        CustodyRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["CustodyItem"][];
            totals: components["schemas"]["CustodyTotals"];
        };
        CustodyTotals: {
            cases_url: string;
            accused: number;
            cases: number;
            criminal_pending: number;
            median_days: number | null;
            longest_days: number | null;
        };
        /** @enum {string} */
        DateCertaintyColumn: "numerator" | "denominator" | "proceeded" | "scheduled";
        DateCertaintyItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            certain: components["schemas"]["RatioRead"];
            held: components["schemas"]["RatioRead"];
        };
        DateCertaintyRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["DateCertaintyItem"][];
            totals: components["schemas"]["DateCertaintyTotals"];
        };
        DateCertaintyTotals: {
            cases_url: string;
            certain: components["schemas"]["RatioRead"];
            held: components["schemas"]["RatioRead"];
        };
        DayListCreate: {
            items: components["schemas"]["ActivityCreate"][];
        };
        DayListRead: {
            counts: {
                [key: string]: number;
            };
            items: components["schemas"]["RowVerdict"][];
        };
        /** @enum {string} */
        DayListVerdict: "recorded" | "corrected" | "unchanged" | "refused";
        /** @enum {string} */
        DayStatus: "on_time" | "late" | "due" | "missing";
        DecisionBody: {
            note?: string | null;
        };
        DecisionItem: {
            /** Format: uuid */
            alias_id: string;
            /** @enum {string} */
            decision: "accept" | "reject";
            /** Format: uuid */
            target_id?: string | null;
            /** Format: uuid */
            court_id?: string | null;
        };
        DecisionList: {
            items: components["schemas"]["DecisionItem"][];
        };
        DecisionListRead: {
            counts: {
                [key: string]: number;
            };
            items: components["schemas"]["DecisionRead"][];
        };
        DecisionRead: {
            index: number;
            /** Format: uuid */
            alias_id: string;
            verdict: components["schemas"]["DecisionVerdict"];
            /** Format: uuid */
            request_id: string | null;
            problem: components["schemas"]["RowProblem"] | null;
        };
        /** @enum {string} */
        DecisionVerdict: "decided" | "asked" | "refused";
        DiaryItem: {
            /** Format: date */
            on: string;
            judge: components["schemas"]["JudgeBrief"] | null;
            total: number;
            scheduled: number;
            heard: number;
            adjourned: number;
            not_reached: number;
            vacated: number;
        };
        DiaryLoad: {
            /** Format: uuid */
            court_id: string;
            items: components["schemas"]["DiaryItem"][];
        };
        /** @enum {string} */
        Dimension: "court" | "court_type" | "category" | "case_type" | "judge" | "month" | "fiscal_year";
        /** @enum {string} */
        DispositionTimeColumn: "numerator" | "denominator";
        DispositionTimeItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            numerator: number;
            denominator: number;
            days_in_period: number;
            value: number | null;
        };
        DispositionTimeRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["DispositionTimeItem"][];
            totals: components["schemas"]["DispositionTimeTotals"];
        };
        DispositionTimeTotals: {
            cases_url: string;
            numerator: number;
            denominator: number;
            days_in_period: number;
            value: number | null;
        };
        EditionUpdate: {
            is_active?: boolean;
            /** Format: date */
            valid_to?: string | null;
        };
        /** @enum {string} */
        Effect: "none" | "register" | "adjourn" | "reserve" | "deliver" | "dispose" | "transfer_out" | "inactivate" | "reactivate" | "reopen";
        /** @enum {string} */
        EventKind: "filed" | "reopened" | "reactivated" | "transfer_in" | "disposed" | "reopened_disposed" | "inactivated" | "transfer_out";
        ExcludedRead: {
            reason: string;
            count: number | null;
        };
        FieldChange: {
            from: unknown;
            to: unknown;
        };
        /** @enum {string} */
        Flag: "after_closure" | "second_closure" | "reopened_implicit" | "before_filing";
        GroupRead: {
            court?: components["schemas"]["NamedRead"] | null;
            court_type?: components["schemas"]["CourtType"] | null;
            category?: components["schemas"]["NamedRead"] | null;
            case_type?: components["schemas"]["NamedRead"] | null;
            judge?: components["schemas"]["LeadRead"] | null;
            month?: string | null;
            fiscal_year?: string | null;
        };
        HearingCreate: {
            /** Format: uuid */
            case_id: string;
            /** Format: date */
            on: string;
            /** Format: uuid */
            judge_id?: string | null;
            /** Format: uuid */
            purpose_id?: string | null;
            note?: string | null;
        };
        HearingList: {
            items: components["schemas"]["HearingRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        HearingRead: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            case_id: string;
            /** Format: uuid */
            court_id: string;
            /** Format: date */
            on: string;
            /** Format: uuid */
            judge_id: string | null;
            /** Format: uuid */
            purpose_id: string | null;
            purpose: string | null;
            setting_no: number;
            status: components["schemas"]["HearingStatus"];
            planned: boolean;
            /** Format: uuid */
            set_by: string | null;
            /** Format: uuid */
            actual: string | null;
            manual: boolean;
            note: string | null;
            version: number;
        };
        /** @enum {string} */
        HearingStatus: "scheduled" | "heard" | "adjourned" | "not_reached" | "vacated";
        HearingUpdate: {
            /** Format: uuid */
            judge_id?: string | null;
            /** Format: uuid */
            purpose_id?: string | null;
            vacated?: boolean;
            note?: string | null;
        };
        /** @enum {string} */
        ImportMode: "validate" | "apply";
        /** @enum {string} */
        IssueCode: "HDR_MISSING" | "HDR_DUPLICATE" | "ROW_LENGTH" | "NOT_A_ROW" | "REQ_BLANK" | "DATE_INVALID" | "DATE_NONEXISTENT" | "DATE_FUTURE" | "COUNT_RANGE" | "CASEID_INVALID" | "VALUE_LENGTH" | "COURT_NOT_GRANTED" | "NAME_REJECTED" | "ROW_REFUSED" | "COURT_UNKNOWN" | "JUDGE_UNKNOWN" | "TYPE_UNKNOWN" | "OUTCOME_UNKNOWN" | "SPELLING_LIMIT" | "GRANT_MISSING" | "FILED_AFTER_ACTIVITY" | "FILED_CONFLICT" | "CASE_FACT_DIFFERS" | "POSSIBLE_DUPLICATE" | "NEXT_PARTIAL" | "NEXT_IN_PAST" | "NEXT_ON_CLOSED" | "NEXT_NON_SITTING" | "JUDGE_ON_BENCH_TWICE" | "JUDGE_NO_POSTING" | "OUTCOME_BLANK" | "ADJOURNED_NO_REASON" | "REASON_NOT_ADJOURNED" | "REASON_UNKNOWN" | "ACTIVITY_AFTER_CLOSURE" | "SECOND_CLOSURE" | "REOPENED_IMPLICIT" | "LEGALREP_VALUE" | "CUSTODY_NONCRIMINAL" | "COURT_TYPE_MISMATCH" | "COURT_OTHER" | "CELL_SWALLOWS_ROWS" | "CELL_NOT_READABLE" | "CELL_HAS_NO_VALUE" | "HDR_REPEATED" | "LINES_ABOVE_HEADER" | "SHEET_SKIPPED" | "SEPARATOR_FALLBACK" | "HDR_UNKNOWN" | "HDR_MAPPED" | "ENC_FALLBACK" | "EMPTY_ROW" | "CELL_PLACEHOLDER" | "JUDGE_PLACEHOLDER" | "JUDGE_REGISTRAR" | "JUDGE_SPELLING" | "DUP_FILE" | "DUP_ROW" | "DUP_IN_FILE" | "CORRECTION";
        IssueRead: {
            code: components["schemas"]["IssueCode"];
            severity: components["schemas"]["Severity"];
            column: string | null;
            value: string | null;
            message: string;
            suggestion: string | null;
            /** Format: uuid */
            alias_id: string | null;
            /** @default [] */
            candidates?: components["schemas"]["CandidateRead"][];
        };
        JudgeBrief: {
            /** Format: uuid */
            id: string;
            display_name: string;
        };
        JudgeCreate: {
            /** @default true */
            is_active?: boolean;
            pj_number?: string | null;
            surname: string;
            /** @default  */
            given_names?: string;
            cadre: components["schemas"]["Cadre"];
        };
        JudgeMergeCreate: {
            /** Format: uuid */
            into_id: string;
            reason?: string | null;
        };
        JudgeMergeRead: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            judge_id: string;
            /** Format: uuid */
            into_id: string;
            reason: string | null;
            /** Format: date-time */
            merged_at: string;
            /** Format: uuid */
            merged_by: string | null;
            /** Format: date-time */
            undone_at: string | null;
            moved: {
                [key: string]: number;
            };
        };
        JudgeRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            pj_number: string | null;
            surname: string;
            given_names: string;
            display_name: string;
            cadre: components["schemas"]["Cadre"];
            /** Format: uuid */
            merged_into_id: string | null;
        };
        JudgeUpdate: {
            is_active?: boolean;
            pj_number?: string | null;
            surname?: string;
            given_names?: string;
            cadre?: components["schemas"]["Cadre"];
        };
        /** @enum {string} */
        JudgmentDeliveryColumn: "delivered" | "numerator" | "denominator" | "waiting" | "overdue";
        JudgmentDeliveryItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            delivered: number;
            in_time: components["schemas"]["RatioRead"];
            median: number | null;
            waiting: number;
            overdue: number;
        };
        JudgmentDeliveryRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["JudgmentDeliveryItem"][];
            totals: components["schemas"]["JudgmentDeliveryTotals"];
        };
        JudgmentDeliveryTotals: {
            cases_url: string;
            delivered: number;
            in_time: components["schemas"]["RatioRead"];
            median: number | null;
            waiting: number;
            overdue: number;
        };
        KpiRead: {
            filed: number;
            resolved: number;
            pending: number;
            inactive: number;
            clearance: components["schemas"]["RatioRead"];
            over_standard: components["schemas"]["RatioRead"];
        };
        LeadRead: {
            /** Format: uuid */
            id: string | null;
            name: string | null;
        };
        LinkBody: {
            /** Format: uuid */
            other_id: string;
            /** @enum {string} */
            kind: "consolidated_into" | "related" | "appeal_of";
            reason?: string | null;
        };
        /** @enum {string} */
        LinkKind: "consolidated_into" | "related" | "appeal_of" | "transferred_to";
        LinkList: {
            items: components["schemas"]["LinkRead"][];
        };
        LinkRead: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["LinkKind"];
            outward: boolean;
            case: components["schemas"]["LinkedCaseBrief"];
            reason: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string | null;
        };
        LinkedCaseBrief: {
            /** Format: uuid */
            id: string;
            number: string;
            court: components["schemas"]["CourtBrief"];
        };
        /** @enum {string} */
        ListFormat: "json" | "csv" | "ics";
        LookupItem: {
            case: components["schemas"]["CaseRead"];
            matched_by: components["schemas"]["MatchedBy"];
            score: number;
        };
        LookupRead: {
            items: components["schemas"]["LookupItem"][];
        };
        /** @enum {string} */
        MatchedBy: "type_number_year" | "number_year" | "type_number" | "number" | "similar_number";
        /** @enum {string} */
        MatrixColumn: "begin_active" | "new" | "reopened" | "reactivated" | "transfer_in" | "disposed" | "reopened_disposed" | "inactivated" | "transfer_out" | "end_active" | "end_inactive";
        MatrixItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            begin_active: number;
            new: number;
            reopened: number;
            reactivated: number;
            transfer_in: number;
            disposed: number;
            reopened_disposed: number;
            inactivated: number;
            transfer_out: number;
            end_active: number;
            end_inactive: number;
        };
        MatrixRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["MatrixItem"][];
            totals: components["schemas"]["MatrixTotals"];
        };
        MatrixTotals: {
            cases_url: string;
            begin_active: number;
            new: number;
            reopened: number;
            reactivated: number;
            transfer_in: number;
            disposed: number;
            reopened_disposed: number;
            inactivated: number;
            transfer_out: number;
            end_active: number;
            end_inactive: number;
        };
        MonthRead: {
            filed: number;
            resolved: number;
            pending: number;
            month: string;
        };
        MonthlyFigures: {
            matrix: components["schemas"]["MatrixRead"];
            clearance: components["schemas"]["ClearanceRead"];
            disposition_time: components["schemas"]["DispositionTimeRead"];
            time_to_disposition: components["schemas"]["TimeToDispositionRead"];
            pending_age: components["schemas"]["PendingAgeRead"];
            date_certainty: components["schemas"]["DateCertaintyRead"];
            adjournments: components["schemas"]["AdjournmentsRead"];
            backlog: components["schemas"]["BacklogRead"];
            judgment_delivery: components["schemas"]["JudgmentDeliveryRead"];
            productivity: components["schemas"]["ProductivityRead"];
            custody: components["schemas"]["CustodyRead"];
            workload: components["schemas"]["WorkloadRead"];
            quality: components["schemas"]["QualityRead"];
        };
        MonthlyReportRead: {
            court: components["schemas"]["CourtBrief"];
            month: string;
            known_on: string;
            published: components["schemas"]["PublicationRead"] | null;
            last_month: components["schemas"]["RestatementRead"] | null;
            figures: components["schemas"]["MonthlyFigures"];
        };
        MoveRead: {
            /** Format: uuid */
            case_id: string;
            number: string;
            /** Format: uuid */
            court_id: string;
            /** Format: uuid */
            to_judge_id: string;
        };
        NamedRead: {
            /** Format: uuid */
            id: string;
            code: string;
            name: string;
        };
        OldCaseRead: {
            /** Format: uuid */
            case_id: string;
            /** Format: date */
            began_on: string;
            days: number;
        };
        OriginalBody: {
            court?: string | null;
            code?: string | null;
            number?: string | null;
            year?: number | null;
        };
        OriginalRead: {
            court: string | null;
            code: string | null;
            number: string | null;
            year: number | null;
        };
        OutcomeCreate: {
            /** @default true */
            is_active?: boolean;
            /** Format: date */
            valid_from?: string | null;
            /** Format: date */
            valid_to?: string | null;
            label: string;
            effect: components["schemas"]["Effect"];
            on_merits?: boolean | null;
            /** @default [] */
            limited_to?: string[];
            /** Format: uuid */
            sets_down_for_id?: string | null;
        };
        OutcomeRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            /** Format: date */
            valid_from: string | null;
            /** Format: date */
            valid_to: string | null;
            label: string;
            effect: components["schemas"]["Effect"];
            on_merits: boolean | null;
            limited_to: string[];
            /** Format: uuid */
            sets_down_for_id: string | null;
        };
        ActivityTypePage: {
            items: components["schemas"]["ActivityTypeRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        AliasPage: {
            items: components["schemas"]["AliasRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        BatchIssuePage: {
            items: components["schemas"]["BatchIssueRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        BatchPage: {
            items: components["schemas"]["BatchRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CalendarPeriodPage: {
            items: components["schemas"]["CalendarPeriodRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CasePage: {
            items: components["schemas"]["CaseRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CaseTypePage: {
            items: components["schemas"]["CaseTypeRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CaseWeightPage: {
            items: components["schemas"]["CaseWeightRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CategoryPage: {
            items: components["schemas"]["CategoryRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        ChangeRequestPage: {
            items: components["schemas"]["ChangeRequestRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CompliancePage: {
            items: components["schemas"]["ComplianceRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CountedCasePage: {
            items: components["schemas"]["CountedCaseRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        CourtPage: {
            items: components["schemas"]["CourtRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        JudgePage: {
            items: components["schemas"]["JudgeRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        OutcomePage: {
            items: components["schemas"]["OutcomeRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        PublicationPage: {
            items: components["schemas"]["PublicationRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        ReasonPage: {
            items: components["schemas"]["ReasonRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        RecentActivityItemPage: {
            items: components["schemas"]["RecentActivityItem"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        RegistryAuditEventPage: {
            items: components["schemas"]["RegistryAuditEventRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        RowChangesPage: {
            items: components["schemas"]["RowChangesRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        RowPage: {
            items: components["schemas"]["RowRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        TimeStandardPage: {
            items: components["schemas"]["TimeStandardRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        PartiesBody: {
            /** @default 0 */
            male_applicant?: number;
            /** @default 0 */
            female_applicant?: number;
            /** @default 0 */
            organization_applicant?: number;
            /** @default 0 */
            male_defendant?: number;
            /** @default 0 */
            female_defendant?: number;
            /** @default 0 */
            organization_defendant?: number;
        };
        PartiesRead: {
            male_applicant: number;
            female_applicant: number;
            organization_applicant: number;
            male_defendant: number;
            female_defendant: number;
            organization_defendant: number;
        };
        /** @enum {string} */
        PendingAgeColumn: "pending" | "up_to_90_days" | "up_to_180_days" | "up_to_365_days" | "up_to_730_days" | "up_to_1095_days" | "older" | "numerator" | "denominator";
        PendingAgeItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            pending: number;
            up_to_90_days: number;
            up_to_180_days: number;
            up_to_365_days: number;
            up_to_730_days: number;
            up_to_1095_days: number;
            older: number;
            over_standard: components["schemas"]["RatioRead"];
        };
        PendingAgeRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            oldest: components["schemas"]["OldCaseRead"][];
            items: components["schemas"]["PendingAgeItem"][];
            totals: components["schemas"]["PendingAgeTotals"];
        };
        PendingAgeTotals: {
            cases_url: string;
            pending: number;
            up_to_90_days: number;
            up_to_180_days: number;
            up_to_365_days: number;
            up_to_730_days: number;
            up_to_1095_days: number;
            older: number;
            over_standard: components["schemas"]["RatioRead"];
        };
        PeriodRead: {
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
        };
        PersonRead: {
            /** Format: uuid */
            id: string;
            name: string | null;
        };
        PostingCreate: {
            /** Format: uuid */
            court_id: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to?: string | null;
            /** @default true */
            principal?: boolean;
        };
        PostingEnd: {
            /** Format: date */
            to: string | null;
        };
        PostingList: {
            items: components["schemas"]["PostingRead"][];
        };
        PostingRead: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            judge_id: string;
            /** Format: uuid */
            court_id: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string | null;
            principal: boolean;
            version: number;
        };
        /** @enum {string} */
        ProductivityColumn: "decisions" | "merits" | "non_merits" | "rulings";
        ProductivityItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            decisions: number;
            merits: number;
            non_merits: number;
            rulings: number;
        };
        ProductivityRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["ProductivityItem"][];
            totals: components["schemas"]["ProductivityTotals"];
        };
        ProductivityTotals: {
            cases_url: string;
            decisions: number;
            merits: number;
            non_merits: number;
            rulings: number;
        };
        ProgressRead: {
            done: number;
            total: number;
        };
        PublicationCreate: {
            /** Format: uuid */
            court_id: string;
            month: string;
        };
        PublicationRead: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            court_id: string;
            month: string;
            /** Format: date-time */
            published_at: string;
            /** Format: uuid */
            published_by: string | null;
            /** Format: date-time */
            known_on: string;
            definitions: {
                [key: string]: string;
            };
        };
        /** @enum {string} */
        QualityColumn: "recorded" | "recorded_with_faults";
        QualityItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            faultless: components["schemas"]["RatioRead"];
            recorded: number;
            recorded_with_faults: number;
        };
        QualityRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["QualityItem"][];
            totals: components["schemas"]["QualityTotals"];
        };
        QualityTotals: {
            cases_url: string;
            faultless: components["schemas"]["RatioRead"];
            recorded: number;
            recorded_with_faults: number;
        };
        RatioRead: {
            numerator: number;
            denominator: number;
            value: number | null;
        };
        ReasonBody: {
            reason: string;
        };
        ReasonCountRead: {
            reason: string;
            cause: components["schemas"]["AdjournmentCause"];
            count: number;
        };
        ReasonCreate: {
            /** @default true */
            is_active?: boolean;
            label: string;
            cause: components["schemas"]["AdjournmentCause"];
        };
        ReasonRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            label: string;
            cause: components["schemas"]["AdjournmentCause"];
        };
        ReasonUpdate: {
            is_active?: boolean;
            label?: string;
        };
        RecentActivityItem: {
            /** Format: uuid */
            activity_id: string;
            /** Format: uuid */
            case_id: string;
            number: string;
            court: components["schemas"]["CourtBrief"];
            /** Format: date */
            activity_on: string;
            activity_type: string;
            outcome: string | null;
            source: components["schemas"]["SourceKind"];
            /** Format: date-time */
            recorded_at: string;
            recorded_by: components["schemas"]["PersonRead"] | null;
        };
        RegistryAuditEventRead: {
            sequence: number;
            /** Format: date-time */
            occurred_at: string;
            action: components["schemas"]["AuditAction"];
            entity: string;
            /** Format: uuid */
            entity_id: string | null;
            /** Format: uuid */
            court_id: string | null;
            operation: string;
            actor: components["schemas"]["PersonRead"] | null;
            client_id: string | null;
            ip: string | null;
            request_id: string | null;
            version_before: number | null;
            version_after: number | null;
            changes: {
                [key: string]: unknown;
            };
        };
        /** @enum {string} */
        ReportFormat: "json" | "csv" | "xlsx";
        /** @enum {string} */
        RequestKind: "void" | "restore" | "transfer" | "status" | "merge" | "unmerge" | "alias_accept" | "alias_reject" | "reference_add" | "reference_change" | "import_revert";
        /** @enum {string} */
        RequestState: "pending" | "accepted" | "rejected";
        RestatementRead: {
            published: components["schemas"]["PublicationRead"];
            changes: components["schemas"]["ChangedGroupRead"][];
        };
        ReturnsQualityRead: {
            rows: number;
            score: number | null;
            rules: components["schemas"]["RuleRead"][];
        };
        RowCells: {
            [key: string]: string;
        };
        RowChangesRead: {
            row_no: number;
            result: components["schemas"]["RowResult"];
            number: string;
            /** Format: uuid */
            court_id: string;
            /** Format: uuid */
            case_id: string | null;
            case: {
                [key: string]: components["schemas"]["FieldChange"];
            };
            activity: {
                [key: string]: components["schemas"]["FieldChange"];
            };
        };
        RowDetailRead: {
            row_no: number;
            result: components["schemas"]["RowResult"];
            /** Format: uuid */
            case_id: string | null;
            /** Format: uuid */
            activity_id: string | null;
            sheet: string | null;
            raw: {
                [key: string]: string;
            };
            issues: components["schemas"]["IssueRead"][];
            version: number;
            repairs: components["schemas"]["RowRepairRead"][];
        };
        /** @enum {string} */
        RowFormat: "csv" | "xlsx" | "ndjson";
        RowProblem: {
            code: string;
            title: string;
            detail: string;
            errors: components["schemas"]["ProblemFieldError"][];
        };
        RowRead: {
            row_no: number;
            result: components["schemas"]["RowResult"];
            /** Format: uuid */
            case_id: string | null;
            /** Format: uuid */
            activity_id: string | null;
            sheet: string | null;
            raw: {
                [key: string]: string;
            };
            issues: components["schemas"]["IssueRead"][];
        };
        RowRepairRead: {
            changes: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /** Format: date-time */
            changed_at: string;
            changed_by: components["schemas"]["PersonRead"] | null;
        };
        /** @enum {string} */
        RowResult: "NEW" | "UNCHANGED" | "DUPLICATE" | "CORRECTION" | "HELD" | "REJECTED" | "EMPTY";
        RowVerdict: {
            index: number;
            verdict: components["schemas"]["DayListVerdict"];
            /** Format: uuid */
            case_id: string;
            /** Format: uuid */
            activity_id: string | null;
            flags: components["schemas"]["Flag"][];
            problem: components["schemas"]["RowProblem"] | null;
        };
        RuleRead: {
            code: components["schemas"]["IssueCode"];
            rows: number;
        };
        SealBody: {
            reason: string;
        };
        /** @enum {string} */
        Severity: "rejected" | "held" | "warning" | "info";
        SittingDayRead: {
            /** Format: date */
            on: string;
            status: components["schemas"]["DayStatus"];
            rows: number;
            /** Format: date-time */
            received_at: string | null;
        };
        /** @enum {string} */
        SourceKind: "import" | "manual" | "api" | "system";
        SourceRead: {
            kind: components["schemas"]["SourceKind"];
            /** Format: uuid */
            batch_id: string | null;
            filename: string | null;
            row_no: number | null;
        };
        StatusBody: {
            /** @enum {string} */
            status: "pending" | "inactive" | "disposed";
            /** Format: date */
            effective_on: string;
            reason: string;
        };
        StatusEventList: {
            items: components["schemas"]["StatusEventRead"][];
            next_cursor?: string | null;
            total?: number | null;
        };
        StatusEventRead: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["EventKind"];
            /** Format: uuid */
            court_id: string;
            /** Format: date */
            effective_on: string;
            /** Format: date-time */
            recorded_at: string;
            /** Format: date-time */
            retracted_at: string | null;
            /** Format: uuid */
            activity_id: string | null;
        };
        StatusRead: {
            pending: number;
            inactive: number;
            disposed_in_period: number;
            transferred_in_period: number;
        };
        /** @enum {string} */
        TimeMeasure: "filing_to_disposition" | "reserved_to_delivered";
        TimeStandardCreate: {
            /** @default true */
            is_active?: boolean;
            /** Format: date */
            valid_from?: string | null;
            /** Format: date */
            valid_to?: string | null;
            edition: string;
            label: string;
            /** Format: uuid */
            category_id?: string | null;
            court_type?: components["schemas"]["CourtType"] | null;
            /** @default filing_to_disposition */
            measure?: components["schemas"]["TimeMeasure"];
            percent: number;
            days: number;
            source: string;
            /** @default 1 */
            rank?: number;
        };
        TimeStandardRead: {
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            version: number;
            /** Format: date */
            valid_from: string | null;
            /** Format: date */
            valid_to: string | null;
            edition: string;
            label: string;
            /** Format: uuid */
            category_id: string | null;
            court_type: components["schemas"]["CourtType"] | null;
            measure: components["schemas"]["TimeMeasure"];
            percent: number;
            days: number;
            source: string;
            rank: number;
        };
        TimeStandardUpdate: {
            is_active?: boolean;
            /** Format: date */
            valid_to?: string | null;
            /** Format: uuid */
            category_id?: string | null;
            rank?: number;
        };
        /** @enum {string} */
        TimeToDispositionColumn: "disposed" | "numerator" | "denominator";
        TimeToDispositionItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            disposed: number;
            within_standard: components["schemas"]["RatioRead"];
            median: number | null;
            p75: number | null;
            p90: number | null;
            p98: number | null;
        };
        TimeToDispositionRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["TimeToDispositionItem"][];
            totals: components["schemas"]["TimeToDispositionTotals"];
        };
        TimeToDispositionTotals: {
            cases_url: string;
            disposed: number;
            within_standard: components["schemas"]["RatioRead"];
            median: number | null;
            p75: number | null;
            p90: number | null;
            p98: number | null;
        };
        Timeline: {
            items: components["schemas"]["TimelineItem"][];
            next_cursor?: string | null;
        };
        TimelineItem: {
            /** Format: date */
            on: string;
            kind: string;
            summary: string;
            /** Format: uuid */
            activity_id: string | null;
            /** Format: date-time */
            recorded_at: string;
            recorded_by: components["schemas"]["PersonRead"] | null;
            source: components["schemas"]["SourceRead"];
        };
        TransferBody: {
            /** Format: uuid */
            to_court_id: string;
            /** Format: date */
            transferred_on: string;
            caseid_type?: string | null;
            number?: string | null;
            /** Format: date */
            filed_on?: string | null;
            /** @default true */
            e_filed?: boolean;
            reason: string;
        };
        TypeLoadRead: {
            filed: number;
            resolved: number;
            pending: number;
            case_type: components["schemas"]["NamedRead"];
        };
        VersionList: {
            items: components["schemas"]["VersionRead"][];
            next_cursor?: string | null;
        };
        VersionRead: {
            version: number | null;
            kind: components["schemas"]["ChangeKind"];
            /** Format: date-time */
            at: string;
            by: components["schemas"]["PersonRead"] | null;
            reason: string | null;
            changes: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            activity_id: string | null;
            source: components["schemas"]["SourceRead"];
        };
        /** @enum {string} */
        VoidReason: "corrected" | "voided" | "reverted";
        /** @enum {string} */
        WorkloadColumn: "filings" | "weighted";
        WorkloadItem: {
            cases_url: string;
            group: components["schemas"]["GroupRead"];
            filings: number;
            weighted: number;
            numerator: number;
            denominator: number | null;
            value: number | null;
        };
        WorkloadRead: {
            figure: string;
            definition_version: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** Format: date */
            as_of: string;
            known_on: string;
            group_by: components["schemas"]["Dimension"][];
            excluded: components["schemas"]["ExcludedRead"][];
            items: components["schemas"]["WorkloadItem"][];
            totals: components["schemas"]["WorkloadTotals"];
        };
        WorkloadTotals: {
            cases_url: string;
            filings: number;
            weighted: number;
            numerator: number;
            denominator: number | null;
            value: number | null;
        };
    };
    responses: {
        304: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        428: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        502: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        504: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ServiceBusy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AddressDenied: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ActivityInvalidOrUnknownReference: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ActivityNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ActivityExists: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        IdempotencyKeyReused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CaseNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        IdempotencyKeyBusy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ActivityNotFound404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ActivityInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ActivityIsAnAct: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        RequestOutdated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CursorInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PeriodInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ReferenceNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AliasOfAllCourts: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AliasNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AliasDecided: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AssignmentInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PlanChanged: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        StepUpRequired: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        QuotaExceeded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HashingBusyOrKeysUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ReauthenticationRequired: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        EmailLinkInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        EmailTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HashingBusy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PasskeyKnown: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FactorMissing: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FactorLimit: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FactorObligatory: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PermissionDenied: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        InvalidCredentials: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ChallengeInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FactorRefused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        Maintenance: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        TokenInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CrossSiteRefused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        SignInCodeInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ReturnUrlRefused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ResetTokenInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        RefreshTokenInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        UnknownReference: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CaseDeleted: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CaseNumberUnreadable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        UnknownReferenceOrValidationFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CaseNumberTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        LeadTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AssignmentNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AssignmentNotEndable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        LinkToItself: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        LinkExists: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        RequestPending: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        StatusOrderInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        StatusUnchanged: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        TransferInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CaseNotTransferable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        LinkNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        GroupNameTakenOrIdempotencyKeyBusy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        SelfElevation: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        GroupNameTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        GroupInUse: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FigureTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FigureBeingCounted: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        DiaryPeriodInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        TooManyStreams: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        GroupMappingExists: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HearingInvalidOrIdempotencyKeyReused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HearingExists: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HearingNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HearingInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HearingNotFoundOrCaseNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        HearingFromActivity: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FileNotAReturn: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        FileEmpty: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        TooManyImports: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        DuplicateFile: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ImportNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ImportNotReady: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ImportBuiltUpon: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ImportRowNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ImportRowNotRepairable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        JudgeMergeInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        JudgeNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PostingOverlapsOrIdempotencyKeyBusy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PeriodInvalidOrValidationFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PostingNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        PostingOverlaps: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        JudgeNotMerged: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        MonthNotOver: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        RequestNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        StatusOrderInvalidOrTransferInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        AliasNotFoundOrRequestNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        CaseNotTransferableOrCaseOpenThere: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        RequestDecided: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        ClientIdTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        EmailTakenOrIdempotencyKeyBusy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        OwnAccount: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        UserAnonymisedOrLastAdmin: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        UserActive: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        OwnFactors: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        UserAnonymised: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        GrantOver: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        LastAdmin: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        UserInactive: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        UserGrantRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["UserGrantRead"];
            };
        };
        UserRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["UserRead"];
            };
        };
        TimeStandardRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["TimeStandardRead"];
            };
        };
        ServiceClientRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ServiceClientRead"];
            };
        };
        OutcomeRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OutcomeRead"];
            };
        };
        JudgeRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["JudgeRead"];
            };
        };
        RowDetailRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["RowDetailRead"];
            };
        };
        BatchRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["BatchRead"];
            };
        };
        HearingRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["HearingRead"];
            };
        };
        CourtRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CourtRead"];
            };
        };
        CourtGroupRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CourtGroupRead"];
            };
        };
        LinkList200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["LinkList"];
            };
        };
        CaseWeightRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CaseWeightRead"];
            };
        };
        CaseTypeRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CaseTypeRead"];
            };
        };
        CategoryRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CategoryRead"];
            };
        };
        CalendarPeriodRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CalendarPeriodRead"];
            };
        };
        SessionPage200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SessionPage"];
            };
        };
        MeRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["MeRead"];
            };
        };
        AppSecret200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["AppSecret"];
            };
        };
        FactorAdded200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["FactorAdded"];
            };
        };
        AliasRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["AliasRead"];
            };
        };
        ReasonRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ReasonRead"];
            };
        };
        ActivityTypeRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ActivityTypeRead"];
            };
        };
        ActivityRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ActivityRead"];
            };
        };
        ChangeRequestRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ChangeRequestRead"];
            };
        };
        PasskeyCeremony200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["PasskeyCeremony"];
            };
        };
        MailAnnounced202: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["MailAnnounced"];
            };
        };
        BatchRead202: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["BatchRead"];
            };
        };
        TokenAnswer200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["TokenAnswer"];
            };
        };
        CaseRead200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CaseRead"];
            };
        };
        CountedCasePage200: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CountedCasePage"];
            };
        };
        ChangeRequestRead202: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ChangeRequestRead"];
            };
        };
    };
    parameters: {
        IfNoneMatch: string;
        IdempotencyKey: string;
        Count: "exact";
        Limit: number;
        Cursor: string;
        Court: string;
        KnownOn: string;
        Judge: string | "none";
        To: string;
        AsOf: string;
        Category: string;
        CaseType: string;
        CourtType: components["schemas"]["CourtType"];
        From: string;
        IfMatch: string;
        RowId: string;
        CaseId: string;
        UserId: string;
        BatchId: string;
        Q: string;
        GroupBy: components["schemas"]["Dimension"][];
        Active: boolean;
        Court2: string;
        JudgeId: string;
        ClientKey: string;
        Category2: string;
        Court3: string;
        ActivityId: string;
        GrantId: string;
        GroupId: string;
        RequestId: string;
        SessionId: string;
        CaseType2: string;
        Judge2: string;
        RequestId2: string;
        Until: string;
        AgeMin: number;
        AgeMax: number;
        Deleted: boolean;
        Format: components["schemas"]["RowFormat"];
        Since: string;
        Custody: boolean;
        Actor: string;
        Subject: string;
        AliasId: string;
        HearingId: string;
        MappingId: string;
        RowNo: number;
        Action: components["schemas"]["Action"];
        Code: components["schemas"]["IssueCode"];
        Date: string;
        DisposedFrom: string;
        DisposedTo: string;
        FiledFrom: string;
        FiledTo: string;
        Ip: string;
        NextFrom: string;
        NextTo: string;
        Outcome: components["schemas"]["EventOutcome"];
        Result: components["schemas"]["RowResult"];
        Sealed: boolean;
        Severity: components["schemas"]["Severity"];
        Status: components["schemas"]["CaseStatus"];
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getJwks: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            304: components["responses"]["304"];
        };
    };
    getIssuerMetadata: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            304: components["responses"]["304"];
        };
    };
    recordActivity: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string;
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityRecorded"];
                };
            };
        };
    };
    recordDayList: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DayListCreate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DayListRead"];
                };
            };
        };
    };
    getActivity: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                activity_id: components["parameters"]["ActivityId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActivityRead200"];
            304: components["responses"]["304"];
        };
    };
    correctActivity: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                activity_id: components["parameters"]["ActivityId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityRecorded"];
                };
            };
        };
    };
    voidActivity: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                activity_id: components["parameters"]["ActivityId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            200: components["responses"]["ActivityRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listActivityTypes: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityTypePage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createActivityType: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityTypeCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityTypeRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getActivityType: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ActivityTypeRead200"];
            304: components["responses"]["304"];
        };
    };
    changeActivityType: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditionUpdate"];
            };
        };
        responses: {
            200: components["responses"]["ActivityTypeRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listAdjournmentReasons: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReasonPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createAdjournmentReason: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReasonRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getAdjournmentReason: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ReasonRead200"];
            304: components["responses"]["304"];
        };
    };
    changeAdjournmentReason: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonUpdate"];
            };
        };
        responses: {
            200: components["responses"]["ReasonRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listAliases: {
        parameters: {
            query?: {
                kind?: components["schemas"]["AliasKind"];
                state?: components["schemas"]["AliasState"];
                sort?: components["schemas"]["AliasSort"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    decideAliases: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionList"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionListRead"];
                };
            };
        };
    };
    acceptAlias: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                alias_id: components["parameters"]["AliasId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AliasAccept"];
            };
        };
        responses: {
            200: components["responses"]["AliasRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    rejectAlias: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                alias_id: components["parameters"]["AliasId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AliasReject"] | null;
            };
        };
        responses: {
            200: components["responses"]["AliasRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    reassignCases: {
        parameters: {
            query?: {
                preview?: boolean;
            };
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkRead"];
                };
            };
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                actor?: components["parameters"]["Actor"];
                subject?: components["parameters"]["Subject"];
                action?: components["parameters"]["Action"];
                outcome?: components["parameters"]["Outcome"];
                ip?: components["parameters"]["Ip"];
                request_id?: components["parameters"]["RequestId2"];
                since?: components["parameters"]["Since"];
                until?: components["parameters"]["Until"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    exportAuditEvents: {
        parameters: {
            query?: {
                actor?: components["parameters"]["Actor"];
                subject?: components["parameters"]["Subject"];
                action?: components["parameters"]["Action"];
                outcome?: components["parameters"]["Outcome"];
                ip?: components["parameters"]["Ip"];
                request_id?: components["parameters"]["RequestId2"];
                since?: components["parameters"]["Since"];
                until?: components["parameters"]["Until"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    listMyActivity: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyActivityPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    requestEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailChangeRequest"];
            };
        };
        responses: {
            202: components["responses"]["MailAnnounced202"];
        };
    };
    applyEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailLinkToken"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    revertEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailLinkToken"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listMyFactors: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactorList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    addPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyCreate"];
            };
        };
        responses: {
            200: components["responses"]["FactorAdded200"];
        };
    };
    requestPasskeyRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["PasskeyCeremony200"];
        };
    };
    issueRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
        };
    };
    addAuthenticatorApp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppCreate"];
            };
        };
        responses: {
            200: components["responses"]["AppSecret200"];
        };
    };
    validateAuthenticatorApp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppConfirmation"];
            };
        };
        responses: {
            200: components["responses"]["FactorAdded200"];
        };
    };
    removeFactor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                factor_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    introspectToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    token: string;
                    token_type_hint?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntrospectionAnswer"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            200: components["responses"]["TokenAnswer200"];
        };
    };
    requestEnrolmentSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolmentRequest"];
            };
        };
        responses: {
            200: components["responses"]["AppSecret200"];
        };
    };
    sendSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FactorAnswer"];
            };
        };
        responses: {
            200: components["responses"]["TokenAnswer200"];
        };
    };
    requestPasskeySignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeySignIn"];
            };
        };
        responses: {
            200: components["responses"]["PasskeyCeremony200"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Refresh"] | null;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["MeRead200"];
            304: components["responses"]["304"];
        };
    };
    changeMe: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeUpdate"];
            };
        };
        responses: {
            200: components["responses"]["MeRead200"];
        };
    };
    listSignInProviders: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    exchangeSignInCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInExchange"];
            };
        };
        responses: {
            200: components["responses"]["TokenAnswer200"];
        };
    };
    beginDirectorySignIn: {
        parameters: {
            query: {
                code_challenge: string;
                return_to?: string;
            };
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            303: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    checkPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordCheck"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordVerdict"];
                };
            };
        };
    };
    requestPasswordLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordForgot"];
            };
        };
        responses: {
            202: components["responses"]["MailAnnounced202"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Refresh"] | null;
            };
        };
        responses: {
            200: components["responses"]["TokenAnswer200"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    token: string;
                    token_type_hint?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listMySessions: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["SessionPage200"];
            304: components["responses"]["304"];
        };
    };
    endMySessions: {
        parameters: {
            query?: {
                keep_current?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    endMySession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    renameMySession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRead"];
                };
            };
        };
    };
    checkSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpAnswer"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessTokenAnswer"];
                };
            };
        };
    };
    requestPasskeyStepUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["PasskeyCeremony200"];
        };
    };
    issueServiceToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    grant_type: "client_credentials";
                    resource?: string;
                    scope?: string;
                    client_id?: string;
                    /** Format: password */
                    client_secret?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceTokenAnswer"];
                };
            };
        };
    };
    listCalendarPeriods: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarPeriodPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createCalendarPeriod: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarPeriodCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarPeriodRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getCalendarPeriod: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CalendarPeriodRead200"];
            304: components["responses"]["304"];
        };
    };
    changeCalendarPeriod: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarPeriodUpdate"];
            };
        };
        responses: {
            200: components["responses"]["CalendarPeriodRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listCaseCategories: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createCaseCategory: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CategoryCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getCaseCategory: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CategoryRead200"];
            304: components["responses"]["304"];
        };
    };
    changeCaseCategory: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CategoryUpdate"];
            };
        };
        responses: {
            200: components["responses"]["CategoryRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listCaseTypes: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseTypePage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createCaseType: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseTypeCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseTypeRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getCaseType: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CaseTypeRead200"];
            304: components["responses"]["304"];
        };
    };
    changeCaseType: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseTypeUpdate"];
            };
        };
        responses: {
            200: components["responses"]["CaseTypeRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listCaseWeights: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseWeightPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createCaseWeight: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseWeightCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseWeightRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getCaseWeight: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CaseWeightRead200"];
            304: components["responses"]["304"];
        };
    };
    changeCaseWeight: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseWeightUpdate"];
            };
        };
        responses: {
            200: components["responses"]["CaseWeightRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listCases: {
        parameters: {
            query?: {
                sort?: components["schemas"]["CaseSort"];
                court?: components["parameters"]["Court2"];
                case_type?: components["parameters"]["CaseType2"];
                category?: components["parameters"]["Category2"];
                status?: components["parameters"]["Status"];
                judge?: components["parameters"]["Judge2"];
                filed_from?: components["parameters"]["FiledFrom"];
                filed_to?: components["parameters"]["FiledTo"];
                disposed_from?: components["parameters"]["DisposedFrom"];
                disposed_to?: components["parameters"]["DisposedTo"];
                next_from?: components["parameters"]["NextFrom"];
                next_to?: components["parameters"]["NextTo"];
                custody?: components["parameters"]["Custody"];
                age_min?: components["parameters"]["AgeMin"];
                age_max?: components["parameters"]["AgeMax"];
                sealed?: components["parameters"]["Sealed"];
                deleted?: components["parameters"]["Deleted"];
                q?: components["parameters"]["Q"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CasePage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseRegistered"];
                };
            };
        };
    };
    lookupCase: {
        parameters: {
            query: {
                number: string;
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    getCase: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CaseRead200"];
            304: components["responses"]["304"];
        };
    };
    deleteCase: {
        parameters: {
            query?: {
                reason?: string;
            };
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeCase: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseUpdate"];
            };
        };
        responses: {
            200: components["responses"]["CaseRead200"];
        };
    };
    listCaseActivities: {
        parameters: {
            query?: {
                history?: boolean;
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listCaseAssignments: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    assignCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignmentCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentRead"];
                };
            };
        };
    };
    endAssignment: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
                assignment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignmentEnd"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentRead"];
                };
            };
        };
    };
    listCaseHearings: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HearingList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    linkCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkList"];
                };
            };
        };
    };
    listCaseLinks: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["LinkList200"];
            304: components["responses"]["304"];
        };
    };
    restoreCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            200: components["responses"]["CaseRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    sealCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SealBody"];
            };
        };
        responses: {
            200: components["responses"]["CaseRead200"];
        };
    };
    setCaseStatus: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusBody"];
            };
        };
        responses: {
            200: components["responses"]["CaseRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listCaseStatusEvents: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusEventList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    getCaseTimeline: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    transferCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            200: components["responses"]["CaseRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    unlinkCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkBody"];
            };
        };
        responses: {
            200: components["responses"]["LinkList200"];
        };
    };
    unsealCase: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SealBody"];
            };
        };
        responses: {
            200: components["responses"]["CaseRead200"];
        };
    };
    listCaseVersions: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                case_id: components["parameters"]["CaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    getCauseList: {
        parameters: {
            query: {
                format?: components["schemas"]["ListFormat"];
                court: components["parameters"]["Court3"];
                date: components["parameters"]["Date"];
                judge?: components["parameters"]["Judge2"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CauseList"];
                    "text/csv": string;
                    "text/calendar": string;
                };
            };
            304: components["responses"]["304"];
        };
    };
    getCourtCalendar: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourtCalendarRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listCourtGroups: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourtGroupPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createCourtGroup: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CourtGroupCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourtGroupRead"];
                };
            };
        };
    };
    getCourtGroup: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                group_id: components["parameters"]["GroupId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CourtGroupRead200"];
            304: components["responses"]["304"];
        };
    };
    deleteCourtGroup: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                group_id: components["parameters"]["GroupId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeCourtGroup: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                group_id: components["parameters"]["GroupId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CourtGroupUpdate"];
            };
        };
        responses: {
            200: components["responses"]["CourtGroupRead200"];
        };
    };
    listCourts: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourtPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createCourt: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CourtCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourtRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getCourt: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CourtRead200"];
            304: components["responses"]["304"];
        };
    };
    changeCourt: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CourtUpdate"];
            };
        };
        responses: {
            200: components["responses"]["CourtRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getAnalytics: {
        parameters: {
            query?: {
                court?: components["parameters"]["Court2"];
                court_type?: components["schemas"]["CourtType"];
                category?: components["parameters"]["Category2"];
                months?: number;
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalyticsRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listRecentActivity: {
        parameters: {
            query?: {
                court?: components["parameters"]["Court2"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentActivityItemPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    getDiaryLoad: {
        parameters: {
            query: {
                court: components["parameters"]["Court3"];
                from: string;
                to: string;
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiaryLoad"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    exportActivities: {
        parameters: {
            query?: {
                format?: components["parameters"]["Format"];
                court?: components["parameters"]["Court2"];
                case_type?: components["parameters"]["CaseType2"];
                category?: components["parameters"]["Category2"];
                status?: components["schemas"]["CaseStatus"];
                judge?: string;
                activity_type?: string;
                outcome?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/x-ndjson": string;
                };
            };
        };
    };
    exportCases: {
        parameters: {
            query?: {
                sort?: components["schemas"]["CaseSort"];
                format?: components["parameters"]["Format"];
                court?: components["parameters"]["Court2"];
                case_type?: components["parameters"]["CaseType2"];
                category?: components["parameters"]["Category2"];
                status?: components["parameters"]["Status"];
                judge?: components["parameters"]["Judge2"];
                filed_from?: components["parameters"]["FiledFrom"];
                filed_to?: components["parameters"]["FiledTo"];
                disposed_from?: components["parameters"]["DisposedFrom"];
                disposed_to?: components["parameters"]["DisposedTo"];
                next_from?: components["parameters"]["NextFrom"];
                next_to?: components["parameters"]["NextTo"];
                custody?: components["parameters"]["Custody"];
                age_min?: components["parameters"]["AgeMin"];
                age_max?: components["parameters"]["AgeMax"];
                sealed?: components["parameters"]["Sealed"];
                deleted?: components["parameters"]["Deleted"];
                q?: components["parameters"]["Q"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/x-ndjson": string;
                };
            };
        };
    };
    listGroupMappings: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupMappingPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    addGroupMapping: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupMappingCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupMappingRead"];
                };
            };
        };
    };
    getGroupMapping: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                mapping_id: components["parameters"]["MappingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupMappingRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    removeGroupMapping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mapping_id: components["parameters"]["MappingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    createHearing: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HearingCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HearingRead"];
                };
            };
        };
    };
    getHearing: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                hearing_id: components["parameters"]["HearingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["HearingRead200"];
            304: components["responses"]["304"];
        };
    };
    changeHearing: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                hearing_id: components["parameters"]["HearingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HearingUpdate"];
            };
        };
        responses: {
            200: components["responses"]["HearingRead200"];
        };
    };
    listImports: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createImport: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["CreateImportForm"];
            };
        };
        responses: {
            202: components["responses"]["BatchRead202"];
        };
    };
    getImport: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["BatchRead200"];
            304: components["responses"]["304"];
        };
    };
    applyImport: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["BatchRead202"];
        };
    };
    listImportChanges: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowChangesPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    followImport: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listImportIssues: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
                code?: components["parameters"]["Code"];
                severity?: components["parameters"]["Severity"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchIssuePage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    downloadImportIssues: {
        parameters: {
            query?: {
                code?: components["parameters"]["Code"];
                severity?: components["parameters"]["Severity"];
            };
            header?: never;
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    revertImport: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            200: components["responses"]["BatchRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listImportRows: {
        parameters: {
            query?: {
                result?: components["parameters"]["Result"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    downloadImportRows: {
        parameters: {
            query?: {
                result?: components["parameters"]["Result"];
            };
            header?: never;
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    retryImportRows: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["BatchRead202"];
        };
    };
    getImportRow: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
                row_no: components["parameters"]["RowNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["RowDetailRead200"];
            304: components["responses"]["304"];
        };
    };
    repairImportRow: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
                row_no: components["parameters"]["RowNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RowCells"];
            };
        };
        responses: {
            200: components["responses"]["RowDetailRead200"];
        };
    };
    validateImport: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                batch_id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["BatchRead202"];
        };
    };
    listJudges: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgePage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createJudge: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JudgeCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgeRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    mergeJudge: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                judge_id: components["parameters"]["JudgeId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JudgeMergeCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgeMergeRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listJudgePostings: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                judge_id: components["parameters"]["JudgeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostingList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createJudgePosting: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                judge_id: components["parameters"]["JudgeId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostingCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostingRead"];
                };
            };
        };
    };
    endJudgePosting: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                judge_id: components["parameters"]["JudgeId"];
                posting_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostingEnd"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostingRead"];
                };
            };
        };
    };
    unmergeJudge: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                judge_id: components["parameters"]["JudgeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgeMergeRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getJudge: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["JudgeRead200"];
            304: components["responses"]["304"];
        };
    };
    changeJudge: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JudgeUpdate"];
            };
        };
        responses: {
            200: components["responses"]["JudgeRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getAdjournments: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjournmentsRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listAdjournmentsCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["AdjournmentsColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getBacklog: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacklogRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listBacklogCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["BacklogColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getClearance: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClearanceRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listClearanceCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["ClearanceColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getCustody: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustodyRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listCustodyCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["CustodyColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getDateCertainty: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DateCertaintyRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listDateCertaintyCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["DateCertaintyColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getDispositionTime: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DispositionTimeRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listDispositionTimeCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["DispositionTimeColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getJudgmentDelivery: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JudgmentDeliveryRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listJudgmentDeliveryCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["JudgmentDeliveryColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getMatrix: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatrixRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listMatrixCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["MatrixColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getPendingAge: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingAgeRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listPendingAgeCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["PendingAgeColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getProductivity: {
        parameters: {
            query?: {
                group_by?: components["schemas"]["Dimension"][];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductivityRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listProductivityCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["ProductivityColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getQuality: {
        parameters: {
            query?: {
                group_by?: components["schemas"]["Dimension"][];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listQualityCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["QualityColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getTimeToDisposition: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeToDispositionRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listTimeToDispositionCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["TimeToDispositionColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    getWorkload: {
        parameters: {
            query?: {
                group_by?: components["parameters"]["GroupBy"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkloadRead"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listWorkloadCases: {
        parameters: {
            query?: {
                column?: components["schemas"]["WorkloadColumn"];
                court?: components["parameters"]["Court"];
                court_type?: components["parameters"]["CourtType"];
                category?: components["parameters"]["Category"];
                case_type?: components["parameters"]["CaseType"];
                judge?: components["parameters"]["Judge"];
                from?: components["parameters"]["From"];
                to?: components["parameters"]["To"];
                as_of?: components["parameters"]["AsOf"];
                known_on?: components["parameters"]["KnownOn"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["CountedCasePage200"];
            304: components["responses"]["304"];
        };
    };
    listMissingOutcomes: {
        parameters: {
            query: {
                court: components["parameters"]["Court3"];
                date: components["parameters"]["Date"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CauseList"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listOutcomes: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomePage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createOutcome: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OutcomeCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getOutcome: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["OutcomeRead200"];
            304: components["responses"]["304"];
        };
    };
    changeOutcome: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditionUpdate"];
            };
        };
        responses: {
            200: components["responses"]["OutcomeRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listRegistryAuditEvents: {
        parameters: {
            query?: {
                action?: components["schemas"]["AuditAction"];
                entity?: string;
                entity_id?: string;
                court_id?: string;
                actor_id?: string;
                request_id?: components["parameters"]["RequestId2"];
                since?: string;
                until?: string;
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryAuditEventPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    getMonthlyReport: {
        parameters: {
            query: {
                court: string;
                month: string;
                known_on?: string;
                format?: components["schemas"]["ReportFormat"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonthlyReportRead"];
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            304: components["responses"]["304"];
        };
    };
    listPublications: {
        parameters: {
            query?: {
                court?: components["parameters"]["Court2"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicationPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    publishMonth: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublicationCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicationRead"];
                };
            };
        };
    };
    listChangeRequests: {
        parameters: {
            query?: {
                state?: components["schemas"]["RequestState"];
                kind?: components["schemas"]["RequestKind"];
                case?: string;
                entity?: string;
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeRequestPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    getChangeRequest: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                request_id: components["parameters"]["RequestId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ChangeRequestRead200"];
            304: components["responses"]["304"];
        };
    };
    acceptChangeRequest: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                request_id: components["parameters"]["RequestId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionBody"];
            };
        };
        responses: {
            200: components["responses"]["ChangeRequestRead200"];
        };
    };
    rejectChangeRequest: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                request_id: components["parameters"]["RequestId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionBody"];
            };
        };
        responses: {
            200: components["responses"]["ChangeRequestRead200"];
        };
    };
    listCompliance: {
        parameters: {
            query: {
                from: string;
                to: string;
                court?: components["parameters"]["Court"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompliancePage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    listServiceClients: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceClientPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createServiceClient: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceClientCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceClientSecret"];
                };
            };
        };
    };
    getServiceClient: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                client_key: components["parameters"]["ClientKey"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["ServiceClientRead200"];
            304: components["responses"]["304"];
        };
    };
    deleteServiceClient: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                client_key: components["parameters"]["ClientKey"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeServiceClient: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                client_key: components["parameters"]["ClientKey"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceClientUpdate"];
            };
        };
        responses: {
            200: components["responses"]["ServiceClientRead200"];
        };
    };
    rotateServiceClientSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_key: components["parameters"]["ClientKey"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceClientSecret"];
                };
            };
        };
    };
    listTimeStandards: {
        parameters: {
            query?: {
                q?: components["parameters"]["Q"];
                active?: components["parameters"]["Active"];
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeStandardPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    createTimeStandard: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TimeStandardCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeStandardRead"];
                };
            };
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    getTimeStandard: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["TimeStandardRead200"];
            304: components["responses"]["304"];
        };
    };
    changeTimeStandard: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                row_id: components["parameters"]["RowId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TimeStandardUpdate"];
            };
        };
        responses: {
            200: components["responses"]["TimeStandardRead200"];
            202: components["responses"]["ChangeRequestRead202"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                role?: components["schemas"]["Role"];
                court?: string;
                active?: boolean;
                locked?: boolean;
                q?: string;
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    inviteUser: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserInvite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRead"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["UserRead200"];
            304: components["responses"]["304"];
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserUpdate"];
            };
        };
        responses: {
            200: components["responses"]["UserRead200"];
        };
    };
    anonymiseUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    resetUserFactors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listUserGrants: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserGrantPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    addUserGrant: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantCreate"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserGrantRead"];
                };
            };
        };
    };
    getUserGrant: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
                grant_id: components["parameters"]["GrantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["UserGrantRead200"];
            304: components["responses"]["304"];
        };
    };
    removeUserGrant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
                grant_id: components["parameters"]["GrantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    changeUserGrant: {
        parameters: {
            query?: never;
            header: {
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
                grant_id: components["parameters"]["GrantId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantUpdate"];
            };
        };
        responses: {
            200: components["responses"]["UserGrantRead200"];
        };
    };
    listUserIdentities: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPage"];
                };
            };
            304: components["responses"]["304"];
        };
    };
    removeUserIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
                identity_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    issueUserCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneTimeCodeIssued"];
                };
            };
        };
    };
    sendPasswordLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["MailAnnounced202"];
        };
    };
    listUserSessions: {
        parameters: {
            query?: {
                limit?: components["parameters"]["Limit"];
                cursor?: components["parameters"]["Cursor"];
                count?: components["parameters"]["Count"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["SessionPage200"];
            304: components["responses"]["304"];
        };
    };
    endUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    endUserSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
                session_id: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unlockUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
