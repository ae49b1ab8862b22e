// Generated from server/openapi.json by `npm run types`. Do not edit.

export interface paths {
    "/health/handoffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Measures how often, how fast and why the pen travels. */
        get: {
            parameters: {
                query?: {
                    /** @description How far back, such as `7d` or `12h`; seven days if absent. */
                    window?: string;
                    /** @description Only this workspace, measured against the band of its policy. */
                    workspace?: components["schemas"]["WorkspaceId"];
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
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts an exported workspace in; its id must be free. */
        post: {
            parameters: {
                query?: {
                    /** @description The id to import under; the one in the file if absent. */
                    id?: components["schemas"]["WorkspaceId"];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "artifacts": {},
                     *       "checkpoints": {},
                     *       "format": "penhold-export",
                     *       "records": [],
                     *       "state": "AAA=",
                     *       "version": 2,
                     *       "workspace": {
                     *         "archived": false,
                     *         "created_by": "mara",
                     *         "created_ms": 1767225600000,
                     *         "id": "clinic",
                     *         "lineage": "0123456789abcdef0123456789abcdef",
                     *         "title": "Clinic",
                     *         "updated_ms": 1767225660000
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Head"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WorkspaceSummary"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the caller's inbox. */
        get: {
            parameters: {
                query?: {
                    /** @description How many things in each list at most, 1 to 1000; 200 if absent. */
                    limit?: number;
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
                        "application/json": components["schemas"]["Inbox"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inbox/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells, as server-sent events, that the caller's inbox has changed: an `inbox` event with the
         *     workspace in which it did, or without one when anything may have.
         */
        get: {
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
                        "text/event-stream": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inbox/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts something off, also across restarts; other members see it all the same. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Snoozing"];
                };
            };
            responses: {
                /** @description Put off */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says who the caller is. */
        get: {
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
                        "application/json": components["schemas"]["Me"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, as OpenAPI 3.1. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description An OpenAPI 3.1 document */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Swaps a sign-in code for a session cookie, once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
            responses: {
                /** @description Signed in */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-in-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a sign-in link for a person's browser; it works once, within a day. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LinkAnswer"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the token or session that was used. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a single-use ticket for a socket's address, where a token might be written down. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketAnswer"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the tokens that were made, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200. */
                    limit?: number;
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
                        "application/json": components["schemas"]["TokenPage"];
                    };
                };
            };
        };
        put?: never;
        /** Makes a token. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewTokenAnswer"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a token; its live sockets are closed. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The token's id */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Revoked */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the workspaces that the caller may open. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: components["schemas"]["WorkspaceId"];
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Whether to list archived workspaces too. */
                    archived?: boolean;
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
                        "application/json": components["schemas"]["WorkspacePage"];
                    };
                };
            };
        };
        put?: never;
        /** Makes a workspace with its initial content. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the request with the same key gives the first one's answer */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewWorkspaceBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WorkspaceSummary"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a workspace. */
        get: {
            parameters: {
                query?: {
                    /** @description In which form. */
                    format?: "json" | "markdown";
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Workspace"];
                        "text/markdown": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Deletes a workspace for good. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /** Renames a workspace, or moves it into or out of the archive. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WorkspaceChange"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WorkspaceSummary"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/workspaces/{ws}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the actions that were reported. */
        get: {
            parameters: {
                query?: {
                    /** @description Riskiest first, or newest first. */
                    order?: "risk" | "time";
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_ActionView"];
                    };
                };
            };
        };
        put?: never;
        /** Records an action that was done, for those who look after it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "item": "plan",
                     *       "result": "Room 3, confirmed",
                     *       "reversible": true,
                     *       "risk": 0.3,
                     *       "undo": "cancel the booking until 7 May",
                     *       "what": "Booked a room for 14 May"
                     *     }
                     */
                    "application/json": components["schemas"]["ActionReport"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_ActionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/actions/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back what one member did since some moment, and keeps what others wrote. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Undoing"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Undone"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists approvals, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_ApprovalView"];
                    };
                };
            };
        };
        put?: never;
        /** Asks people to approve an action. Nothing may be run or prepared before the answer. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Asking"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Shown"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an approval, with the hash and the content that an answer is about. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The approval's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Shown"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/approvals/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers an approval; people only. Refused when its content changed since it was looked at. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The approval's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Answering"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Shown"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/approvals/{id}/consume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what came of the action; said again, the first result stands and is answered. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The approval's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConsumingApproval"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Shown"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/approvals/{id}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says that the action could not be run. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The approval's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FailingApproval"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Shown"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/approvals/{id}/take": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts acting on an approval, once. Refused as `void` when what was approved is no longer what
         *     is there: nothing may be run then.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The approval's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Done_Shown"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/approvals/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back what was asked, before it is acted on. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The approval's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Done_Shown"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the artifacts, and finds words in them. */
        get: {
            parameters: {
                query?: {
                    /** @description The words to find, in any case; lists all artifacts if absent. */
                    q?: string;
                    /** @description How many passages at most, 1 to 100; 20 if absent. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Found"];
                    };
                };
            };
        };
        put?: never;
        /** Keeps bytes, so that the briefing can refer to them. */
        post: {
            parameters: {
                query?: {
                    /** @description What the bytes are called, for the record. */
                    title?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": number[];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Artifact"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/artifacts/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads an artifact, or a part of it. */
        get: {
            parameters: {
                query?: {
                    /** @description The first byte wanted; 0 if absent. */
                    start?: number;
                    /** @description The byte after the last one wanted; all if absent. */
                    end?: number;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The SHA-256 of the bytes, in hexadecimal */
                    hash: string;
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
                        "application/octet-stream": number[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells what has changed since a cursor; holds the answer back while there is nothing to tell. */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description What came after this position in the log: `cursor` of the answer before. Without it, the
                     *     answer is where the log is now.
                     */
                    cursor?: components["schemas"]["u64"];
                    /**
                     * @description How long to hold the answer back while there is nothing to tell, in milliseconds, at most
                     *     50000. Edits are gathered for a second; everything else is told at once.
                     */
                    hold?: number;
                    /** @description Everything, or records only. */
                    only?: "everything" | "records";
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Changes"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/changes/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as server-sent events: each `changes` event has the form of the long poll's answer
         *     and its cursor as id, so that a client that reconnects misses nothing.
         */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description What came after this position in the log: `cursor` of the answer before. Without it, the
                     *     answer is where the log is now.
                     */
                    cursor?: components["schemas"]["u64"];
                    /**
                     * @description How long to hold the answer back while there is nothing to tell, in milliseconds, at most
                     *     50000. Edits are gathered for a second; everything else is told at once.
                     */
                    hold?: number;
                    /** @description Everything, or records only. */
                    only?: "everything" | "records";
                };
                header?: {
                    /** @description Goes before the query's cursor */
                    "Last-Event-ID"?: number | null;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the kept versions, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_Checkpoint"];
                    };
                };
            };
        };
        put?: never;
        /** Keeps a version of the workspace as it is. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewCheckpoint"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Checkpoint"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/checkpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a kept version. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The checkpoint's id. */
                    id: string;
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
                        "application/json": components["schemas"]["Version"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/checkpoints/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes the workspace, or parts of it, read as in a kept version. That is a new edit: nothing is
         *     erased, and what it read as before is kept as a version too.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The checkpoint's id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Restoring"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Restored"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/context": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells what a receiver needs to know. */
        get: {
            parameters: {
                query?: {
                    /** @description For whom: `me`, the only value there is. */
                    for?: "me";
                    /** @description How many characters the packet may have, 1,000 to 200,000; 12,000 if absent. */
                    budget?: number;
                    /** @description In which form. */
                    format?: "json" | "markdown";
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["ContextAnswer"];
                        "text/markdown": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists decisions, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_DecisionView"];
                    };
                };
            };
        };
        put?: never;
        /** Posts a decision; people only. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDecision"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_DecisionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/decisions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a decision. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The decision's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["DecisionView"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/decisions/{id}/consume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what came of a decision; said again, the first outcome stands and is answered. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The decision's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConsumingDecision"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_DecisionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/decisions/{id}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says that a decision could not be acted on. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The decision's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FailingDecision"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_DecisionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/decisions/{id}/take": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts acting on a decision: nobody else does, until its `until_ms`. The answer's `lease` ends
         *     it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The decision's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Done_DecisionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/decisions/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a decision back before anybody acts on it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The decision's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Done_DecisionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/digest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells what changed since some moment. */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description Since when: `visit` (your last one), `handoff:<id>`, `decision:<id>`, `approval:<id>`,
                     *     `checkpoint:<id>` or a cursor; `visit` if absent.
                     */
                    since?: string;
                    /** @description In which form. */
                    format?: "json" | "markdown";
                    /** @description How many characters the text may have; 8,000 if absent. */
                    budget?: number;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["DigestAnswer"];
                        "text/markdown": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes by intent. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Writing"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Takes a workspace out as one self-contained file. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Export"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/handoffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists handoffs, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_HandoffView"];
                    };
                };
            };
        };
        put?: never;
        /** Hands an item off, or offers it. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewHandoff"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HandoffView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/handoffs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a handoff. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The handoff's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["HandoffView"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/handoffs/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the pen of a warm handoff that was read back. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The handoff's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Done_HandoffView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/handoffs/{id}/brief": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads a warm handoff back. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The handoff's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Brief"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HandoffView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/handoffs/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says no to a warm handoff; the giver keeps the pen. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The handoff's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Declining"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HandoffView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/handoffs/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a warm handoff back. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The handoff's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Done_HandoffView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the items and who holds them. */
        get: {
            parameters: {
                query?: {
                    /** @description Only what this member holds, itself or through what it belongs to; `me` for the caller. */
                    member?: string;
                    /** @description Only what waits in this queue. */
                    queue?: string;
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 1000; 200 if absent. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["ItemPage"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/items/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says who holds an item. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /**
                     * @description `workspace`, `plan`, `briefing`, `notes`, `step:<id>` or `task:<id>`.
                     * @example plan
                     */
                    item: string;
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
                        "application/json": components["schemas"]["HoldingView"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/items/{item}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an item that is open or waits in a queue. Of many who claim at once, one wins. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /**
                     * @description `workspace`, `plan`, `briefing`, `notes`, `step:<id>` or `task:<id>`.
                     * @example plan
                     */
                    item: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AtEpoch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HoldingView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/items/{item}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets an item go: to the queue that the policy names for that, or open to every editor. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /**
                     * @description `workspace`, `plan`, `briefing`, `notes`, `step:<id>` or `task:<id>`.
                     * @example plan
                     */
                    item: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AtEpoch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HoldingView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/items/{item}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Extends an agent's lease on an item. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /**
                     * @description `workspace`, `plan`, `briefing`, `notes`, `step:<id>` or `task:<id>`.
                     * @example plan
                     */
                    item: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AtEpoch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HoldingView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/items/{item}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Acknowledges what was decided and changed while an agent did not hold the item. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /**
                     * @description `workspace`, `plan`, `briefing`, `notes`, `step:<id>` or `task:<id>`.
                     * @example plan
                     */
                    item: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Resuming"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HoldingView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/items/{item}/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the pen: from an agent or a queue at once, from a person who is away. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /**
                     * @description `workspace`, `plan`, `briefing`, `notes`, `step:<id>` or `task:<id>`.
                     * @example plan
                     */
                    item: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TakingOver"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_HoldingView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists who may work in the workspace, also those who never have. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Members"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the policy. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Policy"];
                    };
                };
            };
        };
        /** Sets the policy as a whole; what is left out takes its default. Admins only. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "agent_writes": "suggest",
                     *       "depth_max": 4,
                     *       "fallback_queue": "people",
                     *       "plan_approval": true
                     *     }
                     */
                    "application/json": components["schemas"]["Policy"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_Policy"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the queues and what waits in them. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Queues"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/queues/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Makes a queue, or changes who may claim from it; people only. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The queue's name. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Claimers"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_QueueView"];
                    };
                };
            };
        };
        post?: never;
        /** Removes a queue that nothing waits in. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The queue's name. */
                    name: string;
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
                        "application/json": components["schemas"]["Recorded"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the record, oldest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Only records with a higher number; `next_after` of the page before. */
                    after?: number;
                    /** @description How many at most, 1 to 500; 100 if absent. */
                    limit?: number;
                    /** @description Only records with an event of this type, such as `owner_changed`. */
                    type?: string;
                    /** @description Only what this member brought about. */
                    by?: string;
                    /** @description Only records about this item. */
                    item?: string;
                    /** @description A page of JSON, or all of it as JSON Lines. */
                    format?: "json" | "jsonl";
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["RecordPage"];
                        "application/jsonl": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/record/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks that every record follows from the one before, from the first to the newest. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Verified"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads the caller's own review. Without one, nothing was looked at since the last visit. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Review"];
                    };
                };
            };
        };
        /** Keeps the caller's own review, in the place of the one before. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Review"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists signals, newest first; those that wait for a person's judgement are `open`. */
        get: {
            parameters: {
                query?: {
                    /** @description Only those that were picked for people to judge (`true`), or only the others (`false`). */
                    audit?: boolean;
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_SignalView"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Tells what an agent notices about its work; the answer's `advice` says whether to ask a
         *     person.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "item": "step:budget",
                     *       "signals": {
                     *         "confidence": 0.55,
                     *         "stakes": 0.8
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Signal"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_SignalView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/signals/{id}/judge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says whether an agent was right to be as sure as it was; people only. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The signal's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Judging"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_SignalView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists suggestions, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_SuggestionView"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Suggests a change. Of one author, the same is said once, and something else for the same passage
         *     or field takes the place of what was suggested before.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewSuggestionBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SuggestionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/suggestions/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a suggestion over, as it is or edited. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The suggestion's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Accepting"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done_SuggestionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/suggestions/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rejects a suggestion; its author may, too. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The suggestion's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["Done_SuggestionView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a text, with what a rewrite has to send back. */
        get: {
            parameters: {
                query: {
                    /** @description Which text, such as `plan/steps/ab12/body` or `notes`. */
                    path: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["ReadText"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/threads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists discussions, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Where to go on: `next_cursor` of the page before. */
                    cursor?: string;
                    /** @description How many at most, 1 to 200; 50 if absent. */
                    limit?: number;
                    /** @description Those that still wait for something, those that ended, or all. */
                    status?: "all" | "open" | "ended";
                    /** @description Only those about this item. */
                    item?: string;
                };
                header?: never;
                path: {
                    /** @description The workspace's id */
                    ws: string;
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
                        "application/json": components["schemas"]["Page_ThreadView"];
                    };
                };
            };
        };
        put?: never;
        /** Begins a discussion. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewThreadBody"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ThreadView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/threads/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says something in a discussion. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The thread's id. */
                    id: components["schemas"]["ElementId"];
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Saying"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ThreadView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/threads/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a settled discussion again. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The thread's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["ThreadView"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{ws}/threads/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Settles a discussion. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Repeating the command with the same key gives the first answer and does nothing */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The workspace's id */
                    ws: string;
                    /** @description The thread's id. */
                    id: components["schemas"]["ElementId"];
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
                        "application/json": components["schemas"]["ThreadView"];
                    };
                };
            };
        };
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
        /**
         * @description What to take over.
         * @example {
         *       "edited": "in early June"
         *     }
         */
        Accepting: {
            /**
             * @description Other words than those suggested, if they are to be changed first.
             * @default null
             */
            edited?: string | null;
        };
        /** @description One action as read. */
        Action: {
            /** @description Its id within the briefing. */
            id: components["schemas"]["ElementId"];
            /** @description Its fractional order key; empty when it has none. */
            order: string;
            /** @description What became of it. */
            outcome: components["schemas"]["Outcome"];
            /** @description What was done, in Markdown. */
            text: string;
        };
        /** @description What was done, for those who look after it. */
        ActionReport: {
            item?: components["schemas"]["Item"] | null;
            /** @description What came of it. */
            result: string;
            /** @description Whether it can be undone. */
            reversible: boolean;
            /**
             * Format: double
             * @description How much could have gone wrong, from 0 to 1.
             */
            risk: number;
            /** @description How to undo it. */
            undo?: string | null;
            /** @description What was done. */
            what: string;
        };
        /** @description A reported action. */
        ActionView: components["schemas"]["ActionReport"] & {
            /**
             * Format: int64
             * @description When it was reported.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
        };
        /** @description Adds an element to a collection. */
        Add: {
            /** @description Where among its siblings. */
            place?: components["schemas"]["Where"];
            /** @description The collection, such as `plan/steps`. */
            to: string;
            /** @description Its fields; an id is made when it has none. */
            value: unknown;
        };
        /** @description Whether to ask a person. */
        Advice: "go_on" | {
            /** @description Ask, and say why. */
            ask: components["schemas"]["Trigger"];
        };
        /** @enum {string} */
        AgentWrites: "suggest" | "merge" | "refuse";
        /** @description One answer to an approval. */
        Answer: {
            /**
             * Format: int64
             * @description When.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description What was said to it. */
            note: string;
            /** @description The answer. */
            verdict: components["schemas"]["Verdict"];
        };
        /**
         * @description A person's answer.
         * @example {
         *       "note": "Send them after lunch.",
         *       "seen": "3b1f0d6c1d5b6f0e5a4c3b2a190807060504030201000f0e0d0c0b0a09080706",
         *       "verdict": "approve"
         *     }
         */
        Answering: {
            action?: components["schemas"]["ApprovalAction"] | null;
            /** @description What is said to it; it travels with every answer. */
            note: string;
            seen?: components["schemas"]["Hash"] | null;
            /** @description The answer. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description How approvals are answered. */
        Answers: {
            /**
             * Format: int64
             * @description Answered in under five seconds: hardly thought about.
             */
            quick: number;
            /** @description How long they wait. */
            time: components["schemas"]["Spread"];
        };
        Append: {
            /** @description What to append, in Markdown. */
            append: string;
            /** @description The heading of the section to append to; the end of the text if absent. */
            heading?: string | null;
            /** @description Which text. */
            path: string;
            /** @description Why. */
            reason?: string;
        };
        /** @description What is to be run. */
        ApprovalAction: {
            /** @description What it is run with, any JSON. */
            arguments?: unknown;
            /** @description What kind of action, in a word; `plan` asks for approval of the plan itself. */
            kind: string;
        };
        /** @enum {string} */
        ApprovalStatus: "asked" | "approved" | "declined" | "taken" | "consumed" | "failed" | "withdrawn" | "expired" | "void";
        /** @description An approval. */
        ApprovalView: {
            /** @description What would be run; as edited, when it was. */
            action: components["schemas"]["ApprovalAction"];
            /** @description All answers, oldest first. */
            answers: components["schemas"]["Answer"][];
            /**
             * Format: int64
             * @description When it was asked.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description Whether the scope has changed since this was asked or answered. */
            changed: boolean;
            /**
             * @description Hash of action and scope's content: what an answer passes as `seen`. As they are now,
             *     when the view was made with the document at hand.
             */
            content: components["schemas"]["Hash"];
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_ms?: number | null;
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
            /** @description What happens then. */
            if_approved: string;
            /** @description What happens otherwise. */
            if_declined: string;
            /** @description The only people who may answer; anybody with the role when empty. */
            named: components["schemas"]["MemberId"][];
            /** @description What came of the action, or why it failed. */
            result?: string | null;
            /** @description Whether what it does can be undone. */
            reversible: boolean;
            /**
             * Format: double
             * @description How much can go wrong, from 0 to 1.
             */
            risk: number;
            /** @description The places whose content the answer depends on. */
            scope: string[];
            /** @description How far it is. */
            status: components["schemas"]["ApprovalStatus"];
            /** @description What is asked, in a line. */
            title: string;
            /**
             * Format: int64
             * @description Until when it waits: for an answer, for its asker, or for the result.
             */
            until_ms: number;
            /** @description Why it should be. */
            why: string;
        };
        /** @description An artifact. */
        Artifact: {
            /**
             * Format: int64
             * @description How many bytes.
             */
            bytes: number;
            /** @description The SHA-256 of the bytes, in hexadecimal. */
            hash: string;
            /** @description What a source of the briefing names it by. */
            uri: string;
        };
        /**
         * @description An approval to be asked for.
         * @example {
         *       "action": {
         *         "arguments": {
         *           "count": 48,
         *           "list": "clinic"
         *         },
         *         "kind": "send_emails"
         *       },
         *       "if_approved": "The invitations go out at once.",
         *       "if_declined": "I draft them for you to send.",
         *       "reversible": false,
         *       "risk": 0.6,
         *       "scope": [
         *         "plan/goal",
         *         "notes"
         *       ],
         *       "seen": 1532,
         *       "title": "Send 48 invitation emails",
         *       "why": "The interviews start in three weeks."
         *     }
         */
        Asking: components["schemas"]["NewApproval"] & {
            seen?: components["schemas"]["Seen"] | null;
        };
        /**
         * @description The item as its author saw it.
         * @example {
         *       "epoch": 3
         *     }
         */
        AtEpoch: {
            /**
             * Format: int64
             * @description The item's epoch, as the item was last read.
             */
            epoch: number;
        };
        /** @description An agent that holds something. */
        AtWork: {
            /** @description Who it is. */
            agent: components["schemas"]["Member"];
            /** @description What it holds. */
            item: components["schemas"]["Item"];
            /**
             * Format: int64
             * @description Since when, in milliseconds since the Unix epoch.
             */
            since_ms: number;
            /** @description Where. */
            workspace: components["schemas"]["WorkspaceId"];
            /** @description The workspace's title. */
            workspace_title: string;
        };
        /** @description The share of agents' items that should reach people. */
        Band: {
            /**
             * Format: double
             * @description Above this, agents ask too often.
             * @default 0.15
             */
            high?: number;
            /**
             * Format: double
             * @description Below this, agents ask too seldom.
             * @default 0.1
             */
            low?: number;
            /**
             * Format: double
             * @description Above this, something is wrong.
             * @default 0.2
             */
            warn?: number;
        };
        BaseToken: string;
        /**
         * @description What the receiver has understood.
         * @example {
         *       "summary": "Choose one of two budgets, keep the deadline."
         *     }
         */
        Brief: {
            /** @description In the receiver's own words; a person may leave it empty. */
            summary?: string;
        };
        /**
         * @description Whether a handoff has been read back.
         * @enum {string}
         */
        Briefed: "no" | "yes";
        /** @description The briefing as read. */
        Briefing: {
            /** @description What was tried, in order. */
            actions: components["schemas"]["Action"][];
            /**
             * Format: double
             * @description How sure the writer is of all this, from 0 to 1.
             */
            confidence?: number | null;
            /** @description What has to be respected, in order. */
            constraints: components["schemas"]["Constraint"][];
            /** @description Named facts. */
            entities: {
                [key: string]: components["schemas"]["Primitive"];
            };
            /** @description What the people want, in Markdown. */
            intent: string;
            /** @description What comes next, in Markdown. */
            next_step: string;
            /** @description What is open, in order. */
            questions: components["schemas"]["Question"][];
            /** @description The tone of the people involved. */
            sentiment: components["schemas"]["Sentiment"];
            /** @description Where things come from, in order. */
            sources: components["schemas"]["Source"][];
        };
        /** @description A briefing to start with. */
        BriefingDraft: {
            /**
             * @description What was tried, in order. An action given as text is pending.
             * @default []
             */
            actions?: components["schemas"]["NewAction"][];
            /**
             * Format: double
             * @description How sure the writer is of all this, from 0 to 1.
             * @default null
             */
            confidence?: number | null;
            /**
             * @description What has to be respected, in order.
             * @default []
             */
            constraints?: components["schemas"]["NewConstraint"][];
            /**
             * @description Named facts.
             * @default {}
             */
            entities?: {
                [key: string]: components["schemas"]["Primitive"];
            };
            /**
             * @description What the people want, in Markdown.
             * @default
             */
            intent?: string;
            /**
             * @description What comes next, in Markdown.
             * @default
             */
            next_step?: string;
            /**
             * @description What is open, in order.
             * @default []
             */
            questions?: components["schemas"]["NewQuestion"][];
            /** @default null */
            sentiment?: components["schemas"]["Sentiment"] | null;
            /**
             * @description Where things come from, in order. A source given as text is its address.
             * @default []
             */
            sources?: components["schemas"]["NewSource"][];
        };
        /** @enum {string} */
        BriefingPart: "intent" | "actions" | "constraints" | "next_step" | "sources";
        /** @enum {string} */
        Cause: "handed_off" | "accepted" | "claimed" | "released" | "taken_over" | "lease_expired";
        /** @description Something that happened. */
        Change: {
            /**
             * Format: int64
             * @description When, in milliseconds since the Unix epoch.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description What happened, in order. */
            events: components["schemas"]["Event"][];
            /** @enum {string} */
            kind: "record";
            /**
             * Format: int64
             * @description Its number in the record.
             */
            no: number;
            /** @description Where in the log. */
            position: components["schemas"]["u64"];
        } | {
            /**
             * Format: int64
             * @description When last, in milliseconds since the Unix epoch.
             */
            at_ms: number;
            /** @description Who. */
            by: components["schemas"]["MemberId"];
            /** @description The item that it belongs to. */
            item: components["schemas"]["Item"];
            /** @enum {string} */
            kind: "edited";
            /** @description The place, or one above it. */
            path: string;
            /** @description Where in the log, last. */
            position: components["schemas"]["u64"];
        };
        /** @description Something that changed. */
        ChangeNote: {
            /** @description What it belongs to. */
            item: components["schemas"]["Item"];
            /** @description How much it matters to the receiver. */
            rank: components["schemas"]["Rank"];
            /** @description Who did what. */
            says: string;
            /** @description What that is called. */
            title: string;
        };
        /** @description What has changed, and what waits for the caller. */
        Changes: {
            /** @description Where to go on from: a position in the log. */
            cursor: components["schemas"]["u64"];
            /** @description What has happened since the cursor, oldest first. */
            items: components["schemas"]["Change"][];
            /** @description What waits for the caller now: what cannot be undone first, then what waits longest. */
            pending: components["schemas"]["Pending"][];
        };
        /**
         * @description A kept version.
         * @example {
         *       "at_ms": 1767225600000,
         *       "by": {
         *         "id": "mara",
         *         "kind": "human",
         *         "name": "Mara",
         *         "role": "admin"
         *       },
         *       "cursor": 4711,
         *       "id": "000000004711-by-hand",
         *       "kind": "by-hand",
         *       "title": "Before the budget call"
         *     }
         */
        Checkpoint: {
            /**
             * Format: int64
             * @description When it was kept, in milliseconds since the Unix epoch.
             */
            at_ms?: number | null;
            by?: components["schemas"]["Member"] | null;
            /**
             * Format: int64
             * @description The position in the log of the last entry that it holds.
             */
            cursor: number;
            /** @description Its id. */
            id: string;
            /**
             * @description Why it is kept: `by-hand`, `before-restore`, or at what was decided: `handoff-<id>`,
             *     `decision-<id>` or `approval-<id>`.
             */
            kind: string;
            /** @description What it is called; empty when nobody gave it a name. */
            title: string;
        };
        /**
         * @description Who may claim from a queue.
         * @example {
         *       "agents": false,
         *       "members": [
         *         "mara",
         *         "ravi"
         *       ]
         *     }
         */
        Claimers: {
            /** @description Whether agents may claim from it. */
            agents?: boolean;
            /** @description Who may claim from it; every editor when empty. */
            members?: components["schemas"]["MemberId"][];
        };
        /**
         * @description How much of each client's writing a version holds: its next clock, by client id. Tells what
         *     was written before the version from what was written since.
         */
        Clocks: {
            [key: string]: number;
        };
        /**
         * @description A code from a sign-in link.
         * @example {
         *       "code": "5f0c…"
         *     }
         */
        Code: {
            /** @description The text after `code=`. */
            code: string;
        };
        /** @description One comment as read. */
        Comment: {
            /**
             * Format: int64
             * @description When it was written, in milliseconds since 1970.
             */
            at: number;
            /** @description Who says to have written it. The server's record of who wrote what has the last word. */
            author: string;
            /** @description Its id within the thread. */
            id: components["schemas"]["ElementId"];
            /** @description What it says, in Markdown. */
            text: string;
        };
        /** @description One constraint as read. */
        Constraint: {
            /** @description Its id within the briefing. */
            id: components["schemas"]["ElementId"];
            /** @description Its fractional order key; empty when it has none. */
            order: string;
            /** @description What has to be respected, in Markdown. */
            text: string;
        };
        /**
         * @description What came of an approved action.
         * @example {
         *       "grant": "b2Lw8",
         *       "result": "48 invitations were sent."
         *     }
         */
        ConsumingApproval: {
            /** @description What taking the approval gave. */
            grant: components["schemas"]["ElementId"];
            /** @description What came of it. */
            result: string;
        };
        /**
         * @description What came of a decision.
         * @example {
         *       "lease": "9tGx4",
         *       "outcome": "The budget step is rewritten."
         *     }
         */
        ConsumingDecision: {
            /** @description What taking the decision gave. */
            lease: components["schemas"]["ElementId"];
            /** @description What came of it. */
            outcome: string;
        };
        /** @description A workspace to start with. Every field may be left out. */
        ContentDraft: {
            /**
             * @description What a newcomer has to know.
             * @default {
             *       "actions": [],
             *       "confidence": null,
             *       "constraints": [],
             *       "entities": {},
             *       "intent": "",
             *       "next_step": "",
             *       "questions": [],
             *       "sentiment": null,
             *       "sources": []
             *     }
             */
            briefing?: components["schemas"]["BriefingDraft"];
            /**
             * @description What the plan is for, in Markdown: short for `plan.goal`.
             * @default
             */
            goal?: string;
            /**
             * @description The text that everybody drafts in, in Markdown.
             * @default
             */
            notes?: string;
            /** @default null */
            plan?: components["schemas"]["PlanDraft"] | null;
            /**
             * Format: int64
             * @description Version of the schema that the content is written for.
             * @default null
             */
            schema?: number | null;
            /**
             * @description The steps, in order: short for `plan.steps`. A step given as text is its title.
             * @default []
             */
            steps?: components["schemas"]["NewStep"][];
            /**
             * @description Proposed changes to texts.
             * @default []
             */
            suggestions?: components["schemas"]["NewSuggestion"][];
            /**
             * @description The tasks, in order. A task given as text is its title.
             * @default []
             */
            tasks?: components["schemas"]["NewTask"][];
            /**
             * @description Discussions of passages.
             * @default []
             */
            threads?: components["schemas"]["NewThread"][];
            /**
             * @description The title of the workspace.
             * @default
             */
            title?: string;
        };
        /** @description A packet and what it reads up to. */
        ContextAnswer: components["schemas"]["Packet"] & {
            /**
             * Format: int64
             * @description The position in the log that this reads up to; acknowledge it when resuming.
             */
            cursor: number;
        };
        /** @description A decision that a receiver has to know. */
        DecisionNote: {
            /** @description Who decided. */
            by: components["schemas"]["Who"];
            /** @description Its id, by which it is acknowledged. */
            id: string;
            /** @description What it is about. */
            item: components["schemas"]["Item"];
            /** @description What was said about it. */
            note: string;
            /** @description What became of it, in a word. */
            state: string;
            /** @description What was decided. */
            title: string;
        };
        /** @enum {string} */
        DecisionStatus: "decided" | "taken" | "consumed" | "failed" | "withdrawn" | "expired";
        /** @description A decision. */
        DecisionView: {
            /** @description Who has acknowledged it or acted on it. */
            acknowledged: components["schemas"]["MemberId"][];
            /**
             * Format: int64
             * @description When.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_ms?: number | null;
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
            /** @description What it is about. */
            item: components["schemas"]["Item"];
            /** @description With its reasons. */
            note: string;
            /** @description What came of it, or why it failed. */
            outcome?: string | null;
            question?: components["schemas"]["ElementId"] | null;
            /** @description How far it is. */
            status: components["schemas"]["DecisionStatus"];
            taken_by?: components["schemas"]["MemberId"] | null;
            /** @description In a line. */
            title: string;
            /**
             * Format: int64
             * @description Until when it waits for somebody to act on it, or for whoever took it.
             */
            until_ms: number;
        };
        /**
         * @description Why the receiver says no.
         * @example {
         *       "reason": "I am away until Monday."
         *     }
         */
        Declining: {
            /** @description For the giver to read. */
            reason: string;
        };
        /** @description What changed since a version, what matters most first. */
        Digest: {
            /** @description The changes, by the item that they belong to. */
            items: components["schemas"]["ItemChanges"][];
            /**
             * Format: int64
             * @description The log position of the version that this is compared with.
             */
            since: number;
            /**
             * Format: int64
             * @description The time of that version, in milliseconds since 1970.
             */
            since_ms: number;
        };
        /** @description What changed. */
        DigestAnswer: components["schemas"]["Digest"] & {
            /**
             * Format: int64
             * @description The position in the log that this reads up to; acknowledge it when resuming.
             */
            cursor: number;
        };
        /** @description One change. */
        DigestChange: components["schemas"]["What"] & {
            /**
             * Format: int64
             * @description When it was last changed, in milliseconds since 1970, where that is known.
             */
            at_ms?: number | null;
            /** @description Who made it; empty when nobody knows. */
            by: components["schemas"]["Who"][];
            /** @description What the changed element is called, or what it says. */
            label?: string | null;
            /** @description The place that changed. */
            path: string;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_ActionView: (components["schemas"]["ActionReport"] & {
            /**
             * Format: int64
             * @description When it was reported.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
        }) & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_Checkpoint: {
            /**
             * Format: int64
             * @description When it was kept, in milliseconds since the Unix epoch.
             */
            at_ms?: number | null;
            by?: components["schemas"]["Member"] | null;
            /**
             * Format: int64
             * @description The position in the log of the last entry that it holds.
             */
            cursor: number;
            /** @description Its id. */
            id: string;
            /**
             * @description Why it is kept: `by-hand`, `before-restore`, or at what was decided: `handoff-<id>`,
             *     `decision-<id>` or `approval-<id>`.
             */
            kind: string;
            /** @description What it is called; empty when nobody gave it a name. */
            title: string;
        } & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_DecisionView: {
            /** @description Who has acknowledged it or acted on it. */
            acknowledged: components["schemas"]["MemberId"][];
            /**
             * Format: int64
             * @description When.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_ms?: number | null;
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
            /** @description What it is about. */
            item: components["schemas"]["Item"];
            /** @description With its reasons. */
            note: string;
            /** @description What came of it, or why it failed. */
            outcome?: string | null;
            question?: components["schemas"]["ElementId"] | null;
            /** @description How far it is. */
            status: components["schemas"]["DecisionStatus"];
            taken_by?: components["schemas"]["MemberId"] | null;
            /** @description In a line. */
            title: string;
            /**
             * Format: int64
             * @description Until when it waits for somebody to act on it, or for whoever took it.
             */
            until_ms: number;
        } & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_HandoffView: {
            /**
             * Format: int64
             * @description When it was made.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description Why it was declined. */
            declined_because?: string | null;
            /** @description Whether it passed as an emergency. */
            emergency: boolean;
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_ms?: number | null;
            /** @description Whose pen it was. */
            from: components["schemas"]["Owner"];
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @description What the briefing lacked, in an emergency. */
            missing: components["schemas"]["Missing"][];
            /** @description At once or after acceptance. */
            mode: components["schemas"]["Mode"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            /** @description How far it is. */
            status: components["schemas"]["HandoffStatus"];
            /** @description What the receiver read back. */
            summary?: string | null;
            /** @description To whom. */
            to: components["schemas"]["Owner"];
            /**
             * Format: int64
             * @description Until when it waits.
             */
            until_ms?: number | null;
        } & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_HoldingView: {
            /**
             * Format: int32
             * @description How often in a row it passed from agent to agent.
             */
            depth: number;
            /**
             * Format: int64
             * @description The item's own epoch, which commands carry.
             */
            epoch: number;
            gate?: components["schemas"]["GateView"] | null;
            handoff?: components["schemas"]["ElementId"] | null;
            inherited?: components["schemas"]["Item"] | null;
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /**
             * Format: int64
             * @description Until when an agent holds it without a sign of life.
             */
            lease_until_ms?: number | null;
            /** @description Who holds it. */
            owner: components["schemas"]["Owner"];
            /** @description The owner's name, to be shown. */
            owner_name: string;
            /**
             * Format: int64
             * @description Since when; 0 from the beginning.
             */
            since_ms: number;
        } & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_Policy: {
            /**
             * Format: int64
             * @description How long an agent holds an item without a sign of life.
             * @default 600000
             */
            agent_lease_ms?: number;
            /**
             * @description What becomes of an agent's write where it does not hold the pen.
             * @default suggest
             */
            agent_writes?: components["schemas"]["AgentWrites"];
            /**
             * Format: int64
             * @description How long an approval waits for an answer, and then for its asker to act.
             * @default 604800000
             */
            approval_ms?: number;
            /**
             * Format: double
             * @description The share of signals by which agents went on without asking that people are to judge all the
             *     same, picked at random, from 0 to 1.
             * @default 0
             */
            audit_share?: number;
            /**
             * @description The share of agents' items that should reach people.
             * @default {
             *       "high": 0.15,
             *       "low": 0.1,
             *       "warn": 0.2
             *     }
             */
            band?: components["schemas"]["Band"];
            /**
             * Format: int64
             * @description How long acting on a decision or an approval may take.
             * @default 300000
             */
            decision_lease_ms?: number;
            /**
             * Format: int64
             * @description How long a decision waits for somebody to act on it.
             * @default 2592000000
             */
            decision_ms?: number;
            /**
             * Format: int32
             * @description How often in a row an item may pass from agent to agent.
             * @default 4
             */
            depth_max?: number;
            /**
             * @description Where an item goes when its agent is gone.
             * @default people
             */
            fallback_queue?: components["schemas"]["QueueName"];
            /**
             * Format: int64
             * @description How long a warm handoff waits for its receiver.
             * @default 86400000
             */
            offer_ms?: number;
            /**
             * Format: int64
             * @description How long after a sign of life a person's items are safe from being taken over.
             * @default 900000
             */
            person_attention_ms?: number;
            /**
             * @description Whether tasks wait until people have approved the plan.
             * @default false
             */
            plan_approval?: boolean;
            /** @default null */
            release_queue?: components["schemas"]["QueueName"] | null;
            /**
             * @description When an agent should ask a person.
             * @default {
             *       "complexity_max": 0.8,
             *       "confidence_min": 0.7,
             *       "repeats_max": 2,
             *       "stakes_max": 0.7
             *     }
             */
            thresholds?: components["schemas"]["Thresholds"];
        } & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_QueueView: (components["schemas"]["Queue"] & {
            /** @description What waits in it, longest first. */
            waiting: components["schemas"]["Waiting"][];
        }) & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_Restored: {
            /** @description The version that was kept before, when anything changed. */
            before?: string | null;
            /** @description The places that changed; none when everything read so already. */
            changed: string[];
        } & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_Shown: (components["schemas"]["ApprovalView"] & {
            /** @description What stands at the places of the scope now. */
            scope_content: components["schemas"]["Standing"][];
        }) & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_SignalView: (components["schemas"]["Signal"] & {
            /** @description What the agent was told. */
            advice: components["schemas"]["Advice"];
            /**
             * Format: int64
             * @description When.
             */
            at_ms: number;
            /** @description Whether people are to judge it although nothing spoke for asking them. */
            audit: boolean;
            by?: components["schemas"]["MemberId"] | null;
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
            judgement?: components["schemas"]["Judgement"] | null;
        }) & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_SuggestionView: (components["schemas"]["Suggestion"] & {
            /**
             * @description What stands there now, when that is not what the suggestion quotes: three versions are to
             *     be read then, `quote`, `replacement` and this.
             */
            now?: string | null;
        }) & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description A view of what a command was about, as it is after it. */
        Done_Undone: {
            /** @description What was not, and why. */
            kept: components["schemas"]["Kept"][];
            /** @description What was taken back. */
            undone: components["schemas"]["TakenBack"][];
        } & {
            grant?: components["schemas"]["ElementId"] | null;
            lease?: components["schemas"]["ElementId"] | null;
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description Names one element of a document, such as a step or a task, within its collection. */
        ElementId: string;
        /** @description The directory's entry in a file. */
        Entity: {
            archived: boolean;
            created_by: components["schemas"]["MemberId"];
            /** Format: int64 */
            created_ms: number;
            id: components["schemas"]["WorkspaceId"];
            lineage: string;
            title: string;
            /** Format: int64 */
            updated_ms: number;
        };
        /** @description How often agents' items go to people. */
        Escalation: {
            /** @description Where the rate should lie. */
            band: components["schemas"]["Band"];
            /**
             * Format: int64
             * @description Items that went from an agent to a person.
             */
            escalated: number;
            /**
             * Format: double
             * @description Escalated over worked on; absent when agents worked on nothing.
             */
            rate?: number | null;
            /** @description Where it lies. */
            reading: components["schemas"]["Reading"];
            /**
             * Format: int64
             * @description Items that agents worked on.
             */
            worked: number;
        };
        /**
         * @description One fact. When and by whom is told by the record that holds it; times are in milliseconds
         *     since the Unix epoch.
         */
        Event: {
            /** @description Who. */
            member: components["schemas"]["Member"];
            /** @enum {string} */
            type: "member_known";
        } | {
            /** @description Hash of the command. */
            command: components["schemas"]["Hash"];
            /** @enum {string} */
            type: "keyed";
        } | {
            /** @description What changed it. */
            cause: components["schemas"]["Cause"];
            /**
             * Format: int32
             * @description How often in a row it passed from agent to agent.
             */
            depth: number;
            /**
             * Format: int64
             * @description Its epoch now.
             */
            epoch: number;
            handoff?: components["schemas"]["ElementId"] | null;
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /**
             * Format: int64
             * @description Until when an agent holds it without a sign of life.
             */
            lease_until_ms?: number | null;
            /** @description What was said to it. */
            note?: string;
            /** @description Its owner now. */
            owner: components["schemas"]["Owner"];
            trigger?: components["schemas"]["Trigger"] | null;
            /** @enum {string} */
            type: "owner_changed";
        } | {
            /** @description Whether it passed as an emergency. */
            emergency: boolean;
            /** @description Whose pen it was. */
            from: components["schemas"]["Owner"];
            /** @description The handoff. */
            id: components["schemas"]["ElementId"];
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @description What the briefing lacked, in an emergency. */
            missing?: components["schemas"]["Missing"][];
            /** @description At once or after acceptance. */
            mode: components["schemas"]["Mode"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            /** @description Who is to have it. */
            to: components["schemas"]["Owner"];
            /** @enum {string} */
            type: "handoff_offered";
            /**
             * Format: int64
             * @description Until when it waits.
             */
            until_ms?: number | null;
        } | {
            /** @description Which handoff. */
            id: components["schemas"]["ElementId"];
            /** @description What was understood. */
            summary: string;
            /** @enum {string} */
            type: "handoff_briefed";
        } | {
            /** @description Which handoff. */
            id: components["schemas"]["ElementId"];
            /** @description Why, when declined. */
            reason?: string;
            /** @description How. */
            status: components["schemas"]["HandoffStatus"];
            /** @enum {string} */
            type: "handoff_ended";
        } | {
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @enum {string} */
            type: "lease_renewed";
            /**
             * Format: int64
             * @description Until when.
             */
            until_ms: number;
        } | {
            /**
             * Format: int64
             * @description The position in the log to be read up to.
             */
            cursor: number;
            /** @description The decisions to be acknowledged. */
            decisions: components["schemas"]["ElementId"][];
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @description Which agent. */
            member: components["schemas"]["MemberId"];
            /** @enum {string} */
            type: "gated";
        } | {
            /**
             * Format: int64
             * @description The position in the log up to which it read.
             */
            cursor: number;
            /** @description The decisions that it acknowledged. */
            decisions: components["schemas"]["ElementId"][];
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @description Which agent. */
            member: components["schemas"]["MemberId"];
            /** @enum {string} */
            type: "resumed";
        } | {
            /** @description The decision. */
            id: components["schemas"]["ElementId"];
            /** @description What it is about. */
            item: components["schemas"]["Item"];
            /** @description With its reasons. */
            note: string;
            question?: components["schemas"]["ElementId"] | null;
            /** @description In a line. */
            title: string;
            /** @enum {string} */
            type: "decision_posted";
            /**
             * Format: int64
             * @description Until when it waits for somebody to act on it.
             */
            until_ms: number;
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @description The token that ends it. */
            lease: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "decision_taken";
            /**
             * Format: int64
             * @description Until when.
             */
            until_ms: number;
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "decision_returned";
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @description What came of it. */
            outcome: string;
            /** @enum {string} */
            type: "decision_consumed";
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @description Why not. */
            reason: string;
            /** @enum {string} */
            type: "decision_failed";
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @description How. */
            status: components["schemas"]["DecisionStatus"];
            /** @enum {string} */
            type: "decision_ended";
        } | {
            /** @description What is asked. */
            ask: components["schemas"]["NewApproval"];
            /** @description Hash of action and scope's content: what an answer is bound to. */
            content: components["schemas"]["Hash"];
            /** @description The approval. */
            id: components["schemas"]["ElementId"];
            /** @description Hash of the scope's content. */
            scope_hash: components["schemas"]["Hash"];
            /** @enum {string} */
            type: "approval_asked";
            /**
             * Format: int64
             * @description Until when it waits for an answer.
             */
            until_ms: number;
        } | {
            action?: components["schemas"]["ApprovalAction"] | null;
            /** @description Hash of action and scope's content that was judged. */
            content: components["schemas"]["Hash"];
            /** @description Which approval. */
            id: components["schemas"]["ElementId"];
            /** @description What was said to it. */
            note: string;
            /** @description Hash of the scope's content that was judged. */
            scope_hash: components["schemas"]["Hash"];
            /** @enum {string} */
            type: "approval_answered";
            /**
             * Format: int64
             * @description Until when the asker may start, when approved.
             */
            until_ms?: number | null;
            /** @description The answer. */
            verdict: components["schemas"]["Verdict"];
        } | {
            /** @description The token that ends it. */
            grant: components["schemas"]["ElementId"];
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "approval_taken";
            /**
             * Format: int64
             * @description Until when.
             */
            until_ms: number;
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "approval_returned";
        } | {
            /** @description Hash of action and scope's content as they are now. */
            content: components["schemas"]["Hash"];
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "approval_voided";
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @description What came of it. */
            result: string;
            /** @enum {string} */
            type: "approval_consumed";
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @description Why. */
            reason: string;
            /** @enum {string} */
            type: "approval_failed";
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "approval_withdrawn";
        } | {
            /** @description Which. */
            id: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "approval_expired";
        } | {
            /** @description The report. */
            id: components["schemas"]["ElementId"];
            /** @description What was done. */
            report: components["schemas"]["ActionReport"];
            /** @enum {string} */
            type: "reported";
        } | {
            /** @description What it was told. */
            advice: components["schemas"]["Advice"];
            /** @description Whether people are to judge it although nothing spoke for asking them. */
            audit?: boolean;
            /** @description The signal. */
            id: components["schemas"]["ElementId"];
            /** @description What it noticed. */
            signal: components["schemas"]["Signal"];
            /** @enum {string} */
            type: "signalled";
        } | {
            /** @description How. */
            judgement: components["schemas"]["Judgement"];
            /** @description Which. */
            signal: components["schemas"]["ElementId"];
            /** @enum {string} */
            type: "judged";
        } | {
            /** @description To these. */
            policy: components["schemas"]["Policy"];
            /** @enum {string} */
            type: "policy_set";
        } | {
            /** @description To this. */
            queue: components["schemas"]["Queue"];
            /** @enum {string} */
            type: "queue_set";
        } | {
            /** @description Which. */
            name: components["schemas"]["QueueName"];
            /** @enum {string} */
            type: "queue_removed";
        } | {
            /** @description What. */
            noted: components["schemas"]["Noted"];
            /** @enum {string} */
            type: "noted";
        };
        /** @description A workspace as written to a file. */
        Export: components["schemas"]["Head"] & {
            /** @description The document as read, for people and programs that know no Yjs; not needed to import. */
            document: components["schemas"]["Workspace"];
        };
        /**
         * @description Why an approved action was not run.
         * @example {
         *       "grant": "b2Lw8",
         *       "reason": "The mail server refused."
         *     }
         */
        FailingApproval: {
            /** @description What taking the approval gave. */
            grant: components["schemas"]["ElementId"];
            /** @description Why. */
            reason: string;
        };
        /**
         * @description Why a decision could not be acted on.
         * @example {
         *       "lease": "9tGx4",
         *       "reason": "The price list is not reachable."
         *     }
         */
        FailingDecision: {
            /** @description What taking the decision gave. */
            lease: components["schemas"]["ElementId"];
            /** @description Why. */
            reason: string;
        };
        /** @description One field of an element. */
        Field: {
            /** @description Its name. */
            name: string;
            /** @description What it holds. */
            value: components["schemas"]["Primitive"];
        };
        /** @description What a search found. */
        Found: {
            /** @description The artifacts of the workspace. */
            artifacts: components["schemas"]["Artifact"][];
            /** @description The passages that hold the words. */
            passages: components["schemas"]["Passage"][];
        };
        /** @description What an agent has to acknowledge. */
        GateView: {
            /**
             * Format: int64
             * @description The position in the log to be read up to.
             */
            cursor: number;
            /** @description The decisions. */
            decisions: components["schemas"]["ElementId"][];
        };
        /**
         * @description Whom access is made for, and what it allows.
         * @example {
         *       "kind": "agent",
         *       "name": "Planner",
         *       "role": "editor"
         *     }
         */
        Grant: {
            /**
             * Format: int64
             * @description When it ends, in milliseconds since the Unix epoch; never if absent.
             */
            expires_ms?: number | null;
            /** @description Person or agent. */
            kind: components["schemas"]["Kind"];
            /** @description Name of the member; the same name and kind is the same member. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /** @description Only these workspaces; all if absent. */
            workspaces?: components["schemas"]["WorkspaceId"][] | null;
        };
        /** @description How work came to a receiver. */
        HandoffNote: {
            /**
             * Format: double
             * @description How sure the giver was, from 0 to 1.
             */
            confidence?: number | null;
            /** @description Who handed it over. */
            from: components["schemas"]["Who"];
            /** @description What was handed over. */
            item: components["schemas"]["Item"];
            /** @description Why, in the giver's words. */
            note: string;
            /** @description What set it off, in a word. */
            trigger: string;
        };
        /** @enum {string} */
        HandoffStatus: "offered" | "briefed" | "accepted" | "declined" | "withdrawn" | "expired" | "superseded";
        /** @description A handoff. */
        HandoffView: {
            /**
             * Format: int64
             * @description When it was made.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description Why it was declined. */
            declined_because?: string | null;
            /** @description Whether it passed as an emergency. */
            emergency: boolean;
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_ms?: number | null;
            /** @description Whose pen it was. */
            from: components["schemas"]["Owner"];
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @description What the briefing lacked, in an emergency. */
            missing: components["schemas"]["Missing"][];
            /** @description At once or after acceptance. */
            mode: components["schemas"]["Mode"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            /** @description How far it is. */
            status: components["schemas"]["HandoffStatus"];
            /** @description What the receiver read back. */
            summary?: string | null;
            /** @description To whom. */
            to: components["schemas"]["Owner"];
            /**
             * Format: int64
             * @description Until when it waits.
             */
            until_ms?: number | null;
        };
        Hash: string;
        /** @description What an import needs of an export. */
        Head: {
            /** @description Artifacts by hash, as base64. */
            artifacts?: {
                [key: string]: string;
            };
            /** @description Checkpoints by id, as base64. */
            checkpoints?: {
                [key: string]: string;
            };
            /** @description Always `penhold-export`. */
            format: string;
            /** @description All that was ever decided, oldest first: each record's JSON, to the byte. */
            records?: string[];
            /** @description The document's whole state in Yjs v1 encoding, as base64. */
            state: string;
            /**
             * Format: int32
             * @description Version of the format: 2.
             */
            version: number;
            /** @description The directory's entry. */
            workspace: components["schemas"]["Entity"];
        };
        /** @description How the pen travels. */
        Health: {
            /** @description How approvals are answered. */
            answers: components["schemas"]["Answers"];
            /**
             * Format: int32
             * @description Longest chain of agents without a person.
             */
            depth_max: number;
            /** @description How often agents' items go to people. */
            escalation: components["schemas"]["Escalation"];
            /**
             * Format: int64
             * @description Handoffs in all.
             */
            handoffs: number;
            /** @description Items that were handed off more than once, most often first. */
            repeats: components["schemas"]["Repeat"][];
            /** @description How long items wait in queues. */
            time_to_claim: components["schemas"]["Spread"];
            /** @description How long items from agents stay with people. */
            time_to_resolve: components["schemas"]["Spread"];
            /** @description Why items went to people, by trigger. */
            triggers: {
                [key: string]: number;
            };
            /** @description What waits longest, longest first. */
            waits: components["schemas"]["Wait"][];
            /**
             * Format: int64
             * @description Length of the window, in milliseconds.
             */
            window_ms: number;
        };
        /** @description Who holds an item. */
        HoldingView: {
            /**
             * Format: int32
             * @description How often in a row it passed from agent to agent.
             */
            depth: number;
            /**
             * Format: int64
             * @description The item's own epoch, which commands carry.
             */
            epoch: number;
            gate?: components["schemas"]["GateView"] | null;
            handoff?: components["schemas"]["ElementId"] | null;
            inherited?: components["schemas"]["Item"] | null;
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /**
             * Format: int64
             * @description Until when an agent holds it without a sign of life.
             */
            lease_until_ms?: number | null;
            /** @description Who holds it. */
            owner: components["schemas"]["Owner"];
            /** @description The owner's name, to be shown. */
            owner_name: string;
            /**
             * Format: int64
             * @description Since when; 0 from the beginning.
             */
            since_ms: number;
        };
        /** @description One difference of a text, in whole words. */
        Hunk: {
            /** @description The words right after it. */
            after: string;
            /**
             * Format: int32
             * @description Where it is in the text as it stands, in UTF-16 code units.
             */
            at: number;
            /** @description The words right before it. */
            before: string;
            /** @description What was put there, by who wrote it. */
            inserted: components["schemas"]["Words"][];
            /** @description What was taken away. */
            removed: string;
            /** @description Who may have taken it away: those who changed the text since. */
            removed_by?: components["schemas"]["Who"][];
        };
        /** @description An inbox. */
        Inbox: {
            /** @description What the caller has to do: what cannot be undone first, then what waits longest. */
            needs_you: components["schemas"]["InboxEntry"][];
            /** @description What the caller has put off, what comes back first first. */
            snoozed: components["schemas"]["PutOff"][];
            /** @description How long the lists are; they are cut off at `limit`. */
            totals: components["schemas"]["Totals"];
            /** @description What agents hold in workspaces where nothing waits for the caller, newest first. */
            working_without_you: components["schemas"]["AtWork"][];
        };
        /** @description Something that waits for the caller. */
        InboxEntry: components["schemas"]["Pending"] & {
            by?: components["schemas"]["Member"] | null;
            /** @description Names it among what waits in the workspace, for snoozing. */
            id: string;
            /** @description Where it waits. */
            workspace: components["schemas"]["WorkspaceId"];
            /** @description The workspace's title. */
            workspace_title: string;
        };
        /** @description What a new workspace starts with: a text is Markdown, an object is a [`Draft`]. */
        InitialContent: string | components["schemas"]["ContentDraft"];
        Item: string;
        /** @description What changed in one item. */
        ItemChanges: {
            /** @description Who made the changes. */
            by: components["schemas"]["Who"][];
            /** @description The changes. */
            changes: components["schemas"]["DigestChange"][];
            /** @description The item. */
            item: components["schemas"]["Item"];
            /** @description How much it matters to the reader. */
            rank: components["schemas"]["Rank"];
            /** @description What it is called. */
            title: string;
        };
        /** @description A page of items, in the order workspace, plan, briefing, notes, steps, tasks. */
        ItemPage: {
            /** @description The items and who holds them. */
            items: components["schemas"]["HoldingView"][];
            next_cursor?: components["schemas"]["Item"] | null;
        };
        /** @enum {string} */
        Judgement: "right" | "wrong";
        /**
         * @description A person's word on how sure an agent was.
         * @example {
         *       "judgement": "right"
         *     }
         */
        Judging: {
            /** @description Whether the agent was right. */
            judgement: components["schemas"]["Judgement"];
        };
        /** @description A place where edits of the member, or what may be, were left. */
        Kept: components["schemas"]["UndoWhy"] & {
            /** @description The place. */
            path: string;
        };
        /**
         * @description Whether a member is a person or a program.
         * @enum {string}
         */
        Kind: "human" | "agent";
        /** @description A named limit and its value. */
        Limit: {
            /** @description Its name, as in the configuration. */
            name: string;
            /**
             * Format: int64
             * @description Its value, in the unit that the name says; rates are per second.
             */
            value: number;
        };
        /** @description A sign-in link, shown this once. */
        LinkAnswer: {
            /**
             * Format: int64
             * @description When it can no longer be used, in milliseconds since the Unix epoch.
             */
            expires_ms: number;
            /** @description What to open, relative to the server's address. */
            path: string;
        };
        /** @description The caller, as the server knows them. */
        Me: {
            /**
             * Format: int64
             * @description When it ends, in milliseconds since the Unix epoch; `null` for never.
             */
            expires_ms?: number | null;
            /** @description Who is speaking. */
            member: components["schemas"]["Member"];
            /** @description Id of the token that was used. */
            token_id: string;
            /** @description Which workspaces the token opens; `null` for all. */
            workspaces?: components["schemas"]["WorkspaceId"][] | null;
        };
        /** @description One person or agent, as vouched for by the server. */
        Member: {
            /** @description Stable identifier. */
            id: components["schemas"]["MemberId"];
            /** @description Person or agent. */
            kind: components["schemas"]["Kind"];
            /** @description Name shown to others. */
            name: string;
            /** @description What the member may do. */
            role: components["schemas"]["Role"];
        };
        /** @description Names one member: a person or an agent. */
        MemberId: string;
        /** @description Everybody who may work in a workspace. */
        Members: {
            /** @description People and agents, by name, each with the highest role of their tokens. */
            items: components["schemas"]["Member"][];
        };
        /** @description What becomes of one change. */
        MergeOutcome: {
            /** @enum {string} */
            outcome: "applied";
        } | {
            /** @enum {string} */
            outcome: "already_there";
        } | {
            /** @enum {string} */
            outcome: "suggested";
            /** @description People decide. */
            why: components["schemas"]["MergeWhy"];
        };
        /**
         * @description Why a change is not written but suggested.
         * @enum {string}
         */
        MergeWhy: "touched" | "overlaps" | "said_already" | "context_gone" | "would_fuse" | "part_of_move" | "brings_back" | "removes_nearly_all" | "not_owner";
        /** @description One change of a rewrite. */
        MergedHunk: components["schemas"]["MergeOutcome"] & {
            /**
             * Format: int32
             * @description Where its passage ends.
             */
            end: number;
            /** @description What the passage reads now. */
            quote: string;
            /** @description What it should read. */
            replacement: string;
            /**
             * Format: int32
             * @description Where its passage starts in the current text, in UTF-16 code units.
             */
            start: number;
        };
        /** @description Something that the briefing lacks. */
        Missing: {
            /** @description Which part. */
            part: components["schemas"]["BriefingPart"];
            /** @description What to do about it. */
            what: string;
        };
        /** @enum {string} */
        Mode: "warm" | "cold";
        /** @description Why a command was refused. */
        More: {
            /** @description The refusal's stable name, such as `stale` or `changed_since_you_looked`. */
            code?: string;
        };
        /** @description Moves an element. */
        Move: {
            /** @description The element. */
            at: string;
            /** @description What its fields have to hold now, as they were read. */
            if_value?: Record<string, never>;
            /** @description Where to. */
            place: components["schemas"]["Where"];
        };
        /** @description What it takes to make an action. */
        NewAction: {
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description Its fractional order key; made for the chosen place when absent.
             * @default null
             */
            order?: string | null;
            /**
             * @description What became of it.
             * @default pending
             */
            outcome?: components["schemas"]["Outcome"];
            /**
             * @description What was done, in Markdown.
             * @default
             */
            text?: string;
        };
        /** @description What it takes to ask for an approval. */
        NewApproval: {
            /** @description What would be run. */
            action: components["schemas"]["ApprovalAction"];
            /**
             * Format: int64
             * @description How long it waits for an answer, in milliseconds; the policy's time when absent.
             */
            expires_in_ms?: number | null;
            /** @description What happens then. */
            if_approved?: string;
            /** @description What happens otherwise. */
            if_declined?: string;
            /** @description The only people who may answer; anybody with the role when empty. */
            named?: components["schemas"]["MemberId"][];
            /** @description Whether what it does can be undone. */
            reversible: boolean;
            /**
             * Format: double
             * @description How much can go wrong, from 0 to 1.
             */
            risk: number;
            /**
             * @description The places whose content the answer depends on. For a plan: its strategic fields, set by
             *     the server.
             */
            scope?: string[];
            /** @description What is asked, in a line. */
            title: string;
            /** @description Why it should be. */
            why: string;
        };
        /**
         * @description A version to be kept.
         * @example {
         *       "title": "Before the budget call"
         *     }
         */
        NewCheckpoint: {
            /**
             * @description What it is called.
             * @default
             */
            title?: string;
        };
        /** @description What it takes to comment. */
        NewComment: {
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             * @default 0
             */
            at?: number;
            /**
             * @description Who writes it.
             * @default
             */
            author?: string;
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description What it says, in Markdown.
             * @default
             */
            text?: string;
        };
        /** @description What it takes to make a constraint. */
        NewConstraint: {
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description Its fractional order key; made for the chosen place when absent.
             * @default null
             */
            order?: string | null;
            /**
             * @description What has to be respected, in Markdown.
             * @default
             */
            text?: string;
        };
        /**
         * @description A decision to be posted.
         * @example {
         *       "item": "plan",
         *       "note": "The larger one would need the board.",
         *       "question": "q1",
         *       "title": "Take the smaller budget"
         *     }
         */
        NewDecision: {
            /** @description What it is about. */
            item: components["schemas"]["Item"];
            /** @description With its reasons. */
            note: string;
            question?: components["schemas"]["ElementId"] | null;
            seen?: components["schemas"]["Seen"] | null;
            /** @description In a line. */
            title: string;
        };
        /**
         * @description A handoff to be made.
         * @example {
         *       "epoch": 3,
         *       "item": "plan",
         *       "mode": "warm",
         *       "reason": {
         *         "confidence": 0.55,
         *         "note": "The budget needs a call.",
         *         "trigger": "stakes"
         *       },
         *       "seen": 1532,
         *       "to": {
         *         "member": "mara"
         *       }
         *     }
         */
        NewHandoff: {
            /** @description Passes although the briefing is incomplete, and is recorded as such. */
            emergency?: boolean;
            /**
             * Format: int64
             * @description The item's epoch, as the item was last read.
             */
            epoch: number;
            /** @description What is handed off. */
            item: components["schemas"]["Item"];
            /** @description At once, or after the receiver has read back and accepted. To a queue, always at once. */
            mode: components["schemas"]["Mode"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            seen?: components["schemas"]["Seen"] | null;
            /** @description To whom. */
            to: components["schemas"]["To"];
        };
        /** @description What it takes to make a question. */
        NewQuestion: {
            /**
             * @description The answer, in Markdown; empty while the question is open.
             * @default
             */
            answer?: string;
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description Its fractional order key; made for the chosen place when absent.
             * @default null
             */
            order?: string | null;
            /**
             * @description What is asked, in Markdown.
             * @default
             */
            text?: string;
        };
        /** @description What it takes to make a source. */
        NewSource: {
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description What kind of thing it is, in a word.
             * @default
             */
            kind?: string;
            /**
             * @description Its fractional order key; made for the chosen place when absent.
             * @default null
             */
            order?: string | null;
            /**
             * @description What it is called.
             * @default
             */
            title?: string;
            /**
             * @description Where it is.
             * @default
             */
            uri?: string;
        };
        /** @description What it takes to make a step. */
        NewStep: {
            /**
             * @description What it says, in Markdown.
             * @default
             */
            body?: string;
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description Its fractional order key; made for the chosen place when absent.
             * @default null
             */
            order?: string | null;
            /**
             * @description How far it is.
             * @default draft
             */
            status?: components["schemas"]["StepStatus"];
            /**
             * @description Whether it sets the direction or carries it out.
             * @default tactical
             */
            tier?: components["schemas"]["Tier"];
            /**
             * @description What it is called.
             * @default
             */
            title?: string;
        };
        /** @description What it takes to make a suggestion. */
        NewSuggestion: {
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             * @default 0
             */
            at?: number;
            /**
             * @description Who makes it.
             * @default
             */
            author?: string;
            /**
             * @description Who answered it.
             * @default null
             */
            decided_by?: string | null;
            /** @default null */
            end?: components["schemas"]["Position"] | null;
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description What the passage reads now.
             * @default
             */
            quote?: string;
            /**
             * @description Why.
             * @default
             */
            reason?: string;
            /**
             * @description What it should read.
             * @default
             */
            replacement?: string;
            /** @default null */
            start?: components["schemas"]["Position"] | null;
            /**
             * @description What became of it.
             * @default open
             */
            status?: components["schemas"]["SuggestionStatus"];
            /**
             * @description The text that it would change, as a path.
             * @default
             */
            target?: string;
        };
        /**
         * @description A suggestion to be made.
         * @example {
         *       "quote": "in May",
         *       "reason": "The lab is closed in May.",
         *       "replacement": "in June",
         *       "target": "plan/steps/ab12/body"
         *     }
         */
        NewSuggestionBody: {
            /** @description In a text, the words to replace: enough of them to stand in it once. */
            quote?: string;
            /** @description Why. */
            reason?: string;
            /**
             * @description What should stand there: words, a value, or for a collection the new element as JSON.
             *     Empty to remove.
             */
            replacement?: string;
            /** @description What it would change: a text, a field, a collection to add to, or an element to remove. */
            target: string;
        };
        /** @description What it takes to make a task. */
        NewTask: {
            /**
             * @description The tasks that have to be done before it.
             * @default []
             */
            blocked_by?: components["schemas"]["ElementId"][];
            /**
             * @description The day or moment it is due, as in ISO 8601.
             * @default null
             */
            due?: string | null;
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description What there is to know about it, in Markdown.
             * @default
             */
            notes?: string;
            /**
             * @description Its fractional order key; made for the chosen place when absent.
             * @default null
             */
            order?: string | null;
            /**
             * @description How pressing it is.
             * @default normal
             */
            priority?: components["schemas"]["Priority"];
            /**
             * @description How far it is.
             * @default todo
             */
            status?: components["schemas"]["TaskStatus"];
            /**
             * @description The step of the plan that it carries out.
             * @default null
             */
            step?: string | null;
            /**
             * @description What it is called.
             * @default
             */
            title?: string;
        };
        /** @description What it takes to begin a thread. */
        NewThread: {
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             * @default 0
             */
            at?: number;
            /**
             * @description What is said.
             * @default []
             */
            comments?: components["schemas"]["NewComment"][];
            /** @default null */
            end?: components["schemas"]["Position"] | null;
            /** @default null */
            id?: components["schemas"]["ElementId"] | null;
            /**
             * @description What the passage reads now.
             * @default
             */
            quote?: string;
            /**
             * @description Whether it is settled.
             * @default false
             */
            resolved?: boolean;
            /** @default null */
            start?: components["schemas"]["Position"] | null;
            /**
             * @description What is discussed, as a path.
             * @default
             */
            target?: string;
        };
        /**
         * @description A discussion to be begun.
         * @example {
         *       "quote": "in May",
         *       "target": "plan/steps/ab12/body",
         *       "text": "Is the lab open then?"
         *     }
         */
        NewThreadBody: {
            /**
             * @description In a text, the words that it is about: enough of them to stand in it once. All of it when
             *     empty.
             */
            quote?: string;
            /** @description What is discussed. */
            target: string;
            /** @description What is said. */
            text: string;
        };
        /** @description A token, shown this once. */
        NewTokenAnswer: {
            /** @description Its id, for revoking. */
            id: string;
            /** @description Whom it speaks for. */
            member: components["schemas"]["Member"];
            /** @description The token. */
            token: string;
        };
        /**
         * @description A workspace to be made.
         * @example {
         *       "content": {
         *         "markdown": "# Goal\n"
         *       },
         *       "title": "Grant proposal"
         *     }
         */
        NewWorkspaceBody: {
            content?: components["schemas"]["InitialContent"] | null;
            id?: components["schemas"]["WorkspaceId"] | null;
            /** @description Its title. */
            title: string;
        };
        /** @description A fact about the document's versions, suggestions and sources. */
        Noted: {
            /** @description Its id. */
            checkpoint: string;
            /** @description What it is called. */
            title: string;
            /** @enum {string} */
            what: "checkpoint_made";
        } | {
            /** @description Its id. */
            checkpoint: string;
            /** @enum {string} */
            what: "checkpoint_removed";
        } | {
            /** @description From where. */
            checkpoint: string;
            /** @description What; everything when empty. */
            paths: string[];
            /** @enum {string} */
            what: "restored";
        } | {
            /** @description Whose. */
            member: components["schemas"]["MemberId"];
            /**
             * Format: int64
             * @description Since which position of the log.
             */
            since: number;
            /** @enum {string} */
            what: "undone";
        } | {
            /** @description Whose write. */
            member: components["schemas"]["MemberId"];
            /** @description The suggestions. */
            suggestions: components["schemas"]["ElementId"][];
            /** @enum {string} */
            what: "suggestions_made";
            /** @description Why it was not written directly. */
            why: string;
        } | {
            /** @description What became of it. */
            status: components["schemas"]["SuggestionStatus"];
            /** @description Which. */
            suggestion: components["schemas"]["ElementId"];
            /** @enum {string} */
            what: "suggestion_decided";
        } | {
            /** @description The SHA-256 of the bytes, in hexadecimal. */
            artifact: string;
            /**
             * Format: int64
             * @description How many.
             */
            bytes: number;
            /** @description What they are called. */
            title: string;
            /** @enum {string} */
            what: "artifact_put";
        };
        /** @enum {string} */
        Outcome: "done" | "failed" | "declined" | "pending";
        Owner: null | ({
            member: components["schemas"]["MemberId"];
        } | {
            queue: components["schemas"]["QueueName"];
        });
        /** @description What a receiver needs to know. */
        Packet: {
            /** @description What changed since, what matters most first. */
            changes: components["schemas"]["ChangeNote"][];
            /**
             * Format: double
             * @description How sure the writer of the briefing is, from 0 to 1.
             */
            confidence?: number | null;
            /** @description What has to be respected. */
            constraints: string[];
            /** @description What was decided. */
            decisions: components["schemas"]["DecisionNote"][];
            /** @description Named facts: `name: value`. */
            facts: string[];
            /** @description What the plan is for, in Markdown. */
            goal: string;
            handoff?: components["schemas"]["HandoffNote"] | null;
            /** @description What the people want, in Markdown. */
            intent: string;
            /** @description How many entries of which list did not fit. */
            left_out: {
                [key: string]: number;
            };
            /** @description What comes next, in Markdown. */
            next_step: string;
            /** @description What is open, then what was answered. */
            questions: components["schemas"]["QuestionNote"][];
            /** @description Who receives it. */
            receiver: components["schemas"]["Who"];
            /** @description Where things come from. */
            sources: components["schemas"]["SourceNote"][];
            /** @description What was tried. */
            tried: components["schemas"]["TriedNote"][];
            /** @description What waits for the receiver. */
            waiting: components["schemas"]["WaitingNote"][];
            /** @description The title of the workspace. */
            workspace: string;
        };
        /** @description A page of a list. */
        Page_ActionView: {
            /** @description The things on this page. */
            items: (components["schemas"]["ActionReport"] & {
                /**
                 * Format: int64
                 * @description When it was reported.
                 */
                at_ms: number;
                by?: components["schemas"]["MemberId"] | null;
                /** @description Its id. */
                id: components["schemas"]["ElementId"];
            })[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_ApprovalView: {
            /** @description The things on this page. */
            items: {
                /** @description What would be run; as edited, when it was. */
                action: components["schemas"]["ApprovalAction"];
                /** @description All answers, oldest first. */
                answers: components["schemas"]["Answer"][];
                /**
                 * Format: int64
                 * @description When it was asked.
                 */
                at_ms: number;
                by?: components["schemas"]["MemberId"] | null;
                /** @description Whether the scope has changed since this was asked or answered. */
                changed: boolean;
                /**
                 * @description Hash of action and scope's content: what an answer passes as `seen`. As they are now,
                 *     when the view was made with the document at hand.
                 */
                content: components["schemas"]["Hash"];
                /**
                 * Format: int64
                 * @description When it ended.
                 */
                ended_ms?: number | null;
                /** @description Its id. */
                id: components["schemas"]["ElementId"];
                /** @description What happens then. */
                if_approved: string;
                /** @description What happens otherwise. */
                if_declined: string;
                /** @description The only people who may answer; anybody with the role when empty. */
                named: components["schemas"]["MemberId"][];
                /** @description What came of the action, or why it failed. */
                result?: string | null;
                /** @description Whether what it does can be undone. */
                reversible: boolean;
                /**
                 * Format: double
                 * @description How much can go wrong, from 0 to 1.
                 */
                risk: number;
                /** @description The places whose content the answer depends on. */
                scope: string[];
                /** @description How far it is. */
                status: components["schemas"]["ApprovalStatus"];
                /** @description What is asked, in a line. */
                title: string;
                /**
                 * Format: int64
                 * @description Until when it waits: for an answer, for its asker, or for the result.
                 */
                until_ms: number;
                /** @description Why it should be. */
                why: string;
            }[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Checkpoint: {
            /** @description The things on this page. */
            items: {
                /**
                 * Format: int64
                 * @description When it was kept, in milliseconds since the Unix epoch.
                 */
                at_ms?: number | null;
                by?: components["schemas"]["Member"] | null;
                /**
                 * Format: int64
                 * @description The position in the log of the last entry that it holds.
                 */
                cursor: number;
                /** @description Its id. */
                id: string;
                /**
                 * @description Why it is kept: `by-hand`, `before-restore`, or at what was decided: `handoff-<id>`,
                 *     `decision-<id>` or `approval-<id>`.
                 */
                kind: string;
                /** @description What it is called; empty when nobody gave it a name. */
                title: string;
            }[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_DecisionView: {
            /** @description The things on this page. */
            items: {
                /** @description Who has acknowledged it or acted on it. */
                acknowledged: components["schemas"]["MemberId"][];
                /**
                 * Format: int64
                 * @description When.
                 */
                at_ms: number;
                by?: components["schemas"]["MemberId"] | null;
                /**
                 * Format: int64
                 * @description When it ended.
                 */
                ended_ms?: number | null;
                /** @description Its id. */
                id: components["schemas"]["ElementId"];
                /** @description What it is about. */
                item: components["schemas"]["Item"];
                /** @description With its reasons. */
                note: string;
                /** @description What came of it, or why it failed. */
                outcome?: string | null;
                question?: components["schemas"]["ElementId"] | null;
                /** @description How far it is. */
                status: components["schemas"]["DecisionStatus"];
                taken_by?: components["schemas"]["MemberId"] | null;
                /** @description In a line. */
                title: string;
                /**
                 * Format: int64
                 * @description Until when it waits for somebody to act on it, or for whoever took it.
                 */
                until_ms: number;
            }[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_HandoffView: {
            /** @description The things on this page. */
            items: {
                /**
                 * Format: int64
                 * @description When it was made.
                 */
                at_ms: number;
                by?: components["schemas"]["MemberId"] | null;
                /** @description Why it was declined. */
                declined_because?: string | null;
                /** @description Whether it passed as an emergency. */
                emergency: boolean;
                /**
                 * Format: int64
                 * @description When it ended.
                 */
                ended_ms?: number | null;
                /** @description Whose pen it was. */
                from: components["schemas"]["Owner"];
                /** @description Its id. */
                id: components["schemas"]["ElementId"];
                /** @description Which item. */
                item: components["schemas"]["Item"];
                /** @description What the briefing lacked, in an emergency. */
                missing: components["schemas"]["Missing"][];
                /** @description At once or after acceptance. */
                mode: components["schemas"]["Mode"];
                /** @description Why. */
                reason: components["schemas"]["Reason"];
                /** @description How far it is. */
                status: components["schemas"]["HandoffStatus"];
                /** @description What the receiver read back. */
                summary?: string | null;
                /** @description To whom. */
                to: components["schemas"]["Owner"];
                /**
                 * Format: int64
                 * @description Until when it waits.
                 */
                until_ms?: number | null;
            }[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_SignalView: {
            /** @description The things on this page. */
            items: (components["schemas"]["Signal"] & {
                /** @description What the agent was told. */
                advice: components["schemas"]["Advice"];
                /**
                 * Format: int64
                 * @description When.
                 */
                at_ms: number;
                /** @description Whether people are to judge it although nothing spoke for asking them. */
                audit: boolean;
                by?: components["schemas"]["MemberId"] | null;
                /** @description Its id. */
                id: components["schemas"]["ElementId"];
                judgement?: components["schemas"]["Judgement"] | null;
            })[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_SuggestionView: {
            /** @description The things on this page. */
            items: (components["schemas"]["Suggestion"] & {
                /**
                 * @description What stands there now, when that is not what the suggestion quotes: three versions are to
                 *     be read then, `quote`, `replacement` and this.
                 */
                now?: string | null;
            })[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_ThreadView: {
            /** @description The things on this page. */
            items: (components["schemas"]["Thread"] & {
                /**
                 * Format: int32
                 * @description Where its passage starts now, in UTF-16 code units.
                 */
                offset?: number | null;
                /** @description Whether the passage that it is about is gone. */
                orphaned: boolean;
            })[];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A passage of an artifact. */
        Passage: {
            /** @description The byte after the last. */
            end: number;
            /** @description The artifact. */
            hash: string;
            /** @description The line on which they begin, from 1. */
            line: number;
            /** @description The first byte of the words found. */
            start: number;
            /** @description The words and what is around them. */
            text: string;
        };
        /** @description Sets fields. */
        Patch: {
            /** @description The element, or `plan`, `briefing` or `meta`. */
            at: string;
            /** @description What fields have to hold now, as they were read. */
            if_value?: Record<string, never>;
            /** @description The fields and what they should hold; `null` clears one that may be absent. */
            set: Record<string, never>;
        };
        /** @description Something that waits for a member. */
        Pending: components["schemas"]["PendingTask"] & {
            /** @description Whether what hangs on it cannot be undone. */
            irreversible: boolean;
            /**
             * Format: int64
             * @description Since when.
             */
            since_ms: number;
            /** @description In a line. */
            title: string;
            /**
             * Format: int64
             * @description Until when, if it ends by itself.
             */
            until_ms?: number | null;
        };
        /** @description What a member has to do. */
        PendingTask: {
            /** @description Which. */
            approval: components["schemas"]["ElementId"];
            /** @enum {string} */
            kind: "answer";
        } | {
            /** @description Whether it has been read back. */
            briefed: components["schemas"]["Briefed"];
            /** @description Which. */
            handoff: components["schemas"]["ElementId"];
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @enum {string} */
            kind: "receive";
        } | {
            /**
             * Format: int64
             * @description The item's epoch.
             */
            epoch: number;
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @enum {string} */
            kind: "claim";
            /** @description From where. */
            queue: components["schemas"]["QueueName"];
        } | {
            /** @description Which. */
            decision: components["schemas"]["ElementId"];
            /** @description What it is about. */
            item: components["schemas"]["Item"];
            /** @enum {string} */
            kind: "decision";
        } | {
            /** @description Which. */
            approval: components["schemas"]["ElementId"];
            /** @enum {string} */
            kind: "act";
        } | {
            /** @description Which. */
            approval: components["schemas"]["ElementId"];
            /** @enum {string} */
            kind: "reply";
        } | {
            /**
             * Format: int64
             * @description The position in the log to be read up to.
             */
            cursor: number;
            /** @description The decisions to be acknowledged. */
            decisions: components["schemas"]["ElementId"][];
            /**
             * Format: int64
             * @description The item's epoch.
             */
            epoch: number;
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @enum {string} */
            kind: "resume";
        };
        /** @description The plan as read. */
        Plan: {
            /** @description What the plan is for, in Markdown. */
            goal: string;
            /** @description The steps, in order. */
            steps: components["schemas"]["Step"][];
        };
        /** @description A plan to start with. */
        PlanDraft: {
            /**
             * @description What the plan is for, in Markdown.
             * @default
             */
            goal?: string;
            /**
             * @description The steps, in order. A step given as text is its title.
             * @default []
             */
            steps?: components["schemas"]["NewStep"][];
        };
        /** @description What a workspace has settled about ownership. Times are in milliseconds. */
        Policy: {
            /**
             * Format: int64
             * @description How long an agent holds an item without a sign of life.
             * @default 600000
             */
            agent_lease_ms?: number;
            /**
             * @description What becomes of an agent's write where it does not hold the pen.
             * @default suggest
             */
            agent_writes?: components["schemas"]["AgentWrites"];
            /**
             * Format: int64
             * @description How long an approval waits for an answer, and then for its asker to act.
             * @default 604800000
             */
            approval_ms?: number;
            /**
             * Format: double
             * @description The share of signals by which agents went on without asking that people are to judge all the
             *     same, picked at random, from 0 to 1.
             * @default 0
             */
            audit_share?: number;
            /**
             * @description The share of agents' items that should reach people.
             * @default {
             *       "high": 0.15,
             *       "low": 0.1,
             *       "warn": 0.2
             *     }
             */
            band?: components["schemas"]["Band"];
            /**
             * Format: int64
             * @description How long acting on a decision or an approval may take.
             * @default 300000
             */
            decision_lease_ms?: number;
            /**
             * Format: int64
             * @description How long a decision waits for somebody to act on it.
             * @default 2592000000
             */
            decision_ms?: number;
            /**
             * Format: int32
             * @description How often in a row an item may pass from agent to agent.
             * @default 4
             */
            depth_max?: number;
            /**
             * @description Where an item goes when its agent is gone.
             * @default people
             */
            fallback_queue?: components["schemas"]["QueueName"];
            /**
             * Format: int64
             * @description How long a warm handoff waits for its receiver.
             * @default 86400000
             */
            offer_ms?: number;
            /**
             * Format: int64
             * @description How long after a sign of life a person's items are safe from being taken over.
             * @default 900000
             */
            person_attention_ms?: number;
            /**
             * @description Whether tasks wait until people have approved the plan.
             * @default false
             */
            plan_approval?: boolean;
            /** @default null */
            release_queue?: components["schemas"]["QueueName"] | null;
            /**
             * @description When an agent should ask a person.
             * @default {
             *       "complexity_max": 0.8,
             *       "confidence_min": 0.7,
             *       "repeats_max": 2,
             *       "stakes_max": 0.7
             *     }
             */
            thresholds?: components["schemas"]["Thresholds"];
        };
        /** @description A relative position: the binary form of Yjs, in base64 where it is text. */
        Position: string;
        /** @description A plain value. */
        Primitive: boolean | number | string;
        /** @enum {string} */
        Priority: "low" | "normal" | "high" | "urgent";
        /**
         * @description An error as told to the caller.
         * @example {
         *       "detail": "there is no workspace \"alpha\"; GET /api/v1/workspaces lists those you may open",
         *       "status": 404,
         *       "title": "Not Found",
         *       "type": "urn:penhold:problem:not-found"
         *     }
         */
        Problem: components["schemas"]["More"] & {
            /** @description What happened and what to do, for people. */
            detail: string;
            limit?: components["schemas"]["Limit"] | null;
            /**
             * Format: int32
             * @description The status code, once more.
             */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description Which problem it is: stable, for programs. */
            type: string;
        };
        /** @description Something that waits, but not now. */
        PutOff: components["schemas"]["InboxEntry"] & {
            /**
             * Format: int64
             * @description When it comes back, in milliseconds since the Unix epoch.
             */
            snoozed_until_ms: number;
        };
        /** @description One question as read. */
        Question: {
            /** @description The answer, in Markdown; empty while the question is open. */
            answer: string;
            /** @description Its id within the briefing. */
            id: components["schemas"]["ElementId"];
            /** @description Its fractional order key; empty when it has none. */
            order: string;
            /** @description What is asked, in Markdown. */
            text: string;
        };
        /** @description A question and its answer. */
        QuestionNote: {
            /** @description The answer; empty while the question is open. */
            answer?: string;
            /** @description What is asked. */
            text: string;
        };
        /** @description A place where items wait for whoever claims them first. */
        Queue: {
            /** @description Whether agents may claim from it. */
            agents?: boolean;
            /** @description Who may claim from it; every editor when empty. */
            members?: components["schemas"]["MemberId"][];
            /** @description Its name. */
            name: components["schemas"]["QueueName"];
        };
        /** @description Names a queue of a workspace. */
        QueueName: string;
        /** @description A queue and what waits in it. */
        QueueView: components["schemas"]["Queue"] & {
            /** @description What waits in it, longest first. */
            waiting: components["schemas"]["Waiting"][];
        };
        /** @description All queues of a workspace. */
        Queues: {
            /** @description The queues, by name, each with what waits in it. */
            items: components["schemas"]["QueueView"][];
        };
        /**
         * @description How much a change matters to the reader, the most first.
         * @enum {string}
         */
        Rank: "strategic" | "mine" | "others" | "own";
        /** @description A text, to be rewritten. */
        ReadText: {
            /** @description Send this back with the new text. */
            base: components["schemas"]["BaseToken"];
            /** @description Which text. */
            path: string;
            /** @description What it reads, in Markdown. */
            text: string;
        };
        /**
         * @description How a rate lies to its band.
         * @enum {string}
         */
        Reading: "no_data" | "below" | "within" | "above" | "warn";
        /** @description Why an item is handed off. */
        Reason: {
            /**
             * Format: double
             * @description How sure the giver is of its work, from 0 to 1.
             */
            confidence?: number | null;
            /** @description What the receiver should know. */
            note?: string;
            /** @description What set it off. */
            trigger: components["schemas"]["Trigger"];
        };
        /** @description What one accepted command, or one point in time, brought about. */
        Record: {
            /**
             * Format: int64
             * @description When it was decided, in milliseconds since the Unix epoch.
             */
            at_ms: number;
            by?: components["schemas"]["MemberId"] | null;
            /** @description What happened, in order. */
            events: components["schemas"]["Event"][];
            /** @description Hash of all the rest. */
            hash: components["schemas"]["Hash"];
            /** @description The idempotency key of the command. */
            key?: string | null;
            /**
             * Format: int64
             * @description Its number in the workspace, from 1.
             */
            no: number;
            /** @description Hash of the record before; of the lineage, for the first. */
            prev: components["schemas"]["Hash"];
        };
        /** @description A page of the record, oldest first. */
        RecordPage: {
            /** @description The records. */
            items: components["schemas"]["Record"][];
            /**
             * Format: int64
             * @description Ask again with this as `after` for more; `null` at the end. A page may be short, or empty,
             *     although there is more.
             */
            next_after?: number | null;
        };
        /** @description A command that leaves nothing to be shown. */
        Recorded: {
            /**
             * Format: int64
             * @description Number of the record that holds the command.
             */
            record: number;
        };
        /** @description Removes an element. */
        Remove: {
            /** @description The element. */
            at: string;
            /** @description What its fields have to hold now, as they were read. */
            if_value?: Record<string, never>;
        };
        /** @description An item that was handed off more than once. */
        Repeat: {
            /**
             * Format: int64
             * @description How often.
             */
            handoffs: number;
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /** @description In which workspace. */
            workspace: components["schemas"]["WorkspaceId"];
        };
        Replace: {
            /** @description The words, as they can be seen: enough of them to stand in the text once. */
            find: string;
            /** @description Which text. */
            path: string;
            /** @description Why. */
            reason?: string;
            /** @description What should stand there. */
            replace: string;
        };
        /** @description What was brought back. */
        Restored: {
            /** @description The version that was kept before, when anything changed. */
            before?: string | null;
            /** @description The places that changed; none when everything read so already. */
            changed: string[];
        };
        /**
         * @description What to bring back.
         * @example {
         *       "paths": [
         *         "plan/steps/ab12"
         *       ]
         *     }
         */
        Restoring: {
            /**
             * @description The parts; everything when empty.
             * @default []
             */
            paths?: string[];
        };
        /**
         * @description Having caught up.
         * @example {
         *       "cursor": 1532,
         *       "decisions": [
         *         "d7Kq2"
         *       ],
         *       "epoch": 5
         *     }
         */
        Resuming: {
            /**
             * Format: int64
             * @description How far in the log the changes were read; at least to the `cursor` in the item's `gate`.
             */
            cursor: number;
            /** @description The decisions that were read; at least those in the item's `gate`. */
            decisions: components["schemas"]["ElementId"][];
            /**
             * Format: int64
             * @description The item's epoch, as the item was last read.
             */
            epoch: number;
        };
        /** @description How an edit was taken back. */
        Reversal: {
            /** @enum {string} */
            how: "removed";
        } | {
            /** @enum {string} */
            how: "put_back";
        } | {
            /** @enum {string} */
            how: "reset";
        } | {
            /** @enum {string} */
            how: "text";
            /**
             * Format: int32
             * @description The words taken out, in UTF-16 code units.
             */
            removed: number;
            /**
             * Format: int32
             * @description The words put back, in UTF-16 code units.
             */
            restored: number;
        };
        /**
         * @description What one person has looked at, of what changed since one version.
         * @example {
         *       "cursor": 4711,
         *       "seen": [
         *         "plan/steps/ab12/body#1x2y3z-9q8w7e",
         *         "+cd34"
         *       ],
         *       "since": "handoff:h1"
         *     }
         */
        Review: {
            /**
             * @description The log position of that version. What was looked at counts for this version only.
             * @default 0
             */
            cursor?: components["schemas"]["u64"];
            /**
             * @description The changes that were looked at, by keys that name the place and what stands there, so that
             *     a later change of the same place is another one.
             * @default []
             */
            seen?: string[];
            /**
             * @description What it is compared with: `visit`, `handoff:<id>`, `decision:<id>`, `approval:<id>`,
             *     `checkpoint:<id>` or a cursor.
             * @default
             */
            since?: string;
        };
        /**
         * @description What a member may do, from least to most.
         * @enum {string}
         */
        Role: "viewer" | "reviewer" | "editor" | "admin";
        /**
         * @description Something to be said.
         * @example {
         *       "text": "From the tenth on."
         *     }
         */
        Saying: {
            /** @description What is said, in Markdown. */
            text: string;
        };
        /** @description What somebody had seen: a position in the log, or a Yjs state vector (v1) in base64. */
        Seen: number | string;
        /** @enum {string} */
        Sentiment: "neutral" | "positive" | "frustrated" | "urgent";
        /** @description An approval with the content that an answer is about, as the server has it. */
        Shown: components["schemas"]["ApprovalView"] & {
            /** @description What stands at the places of the scope now. */
            scope_content: components["schemas"]["Standing"][];
        };
        /** @description What an agent notices about its own work on an item. */
        Signal: {
            /** @description What it works on. */
            item: components["schemas"]["Item"];
            /** @description What it notices. */
            signals: components["schemas"]["Signals"];
        };
        /** @description A signal and what came of it. */
        SignalView: components["schemas"]["Signal"] & {
            /** @description What the agent was told. */
            advice: components["schemas"]["Advice"];
            /**
             * Format: int64
             * @description When.
             */
            at_ms: number;
            /** @description Whether people are to judge it although nothing spoke for asking them. */
            audit: boolean;
            by?: components["schemas"]["MemberId"] | null;
            /** @description Its id. */
            id: components["schemas"]["ElementId"];
            judgement?: components["schemas"]["Judgement"] | null;
        };
        /** @description What an agent notices about its own work. What is absent says nothing. */
        Signals: {
            /**
             * Format: double
             * @description How intricate the work is, from 0 to 1.
             * @default null
             */
            complexity?: number | null;
            /**
             * Format: double
             * @description How sure it is, from 0 to 1.
             * @default null
             */
            confidence?: number | null;
            /**
             * @description Whether somebody asked for a person.
             * @default false
             */
            explicit_request?: boolean;
            /**
             * Format: int32
             * @description How often somebody has asked for the same thing again.
             * @default null
             */
            repeats?: number | null;
            /** @default null */
            sentiment?: components["schemas"]["Sentiment"] | null;
            /**
             * Format: double
             * @description How much depends on it, from 0 to 1.
             * @default null
             */
            stakes?: number | null;
        };
        /**
         * @description What to put off.
         * @example {
         *       "id": "answer:b2Lw8",
         *       "until_ms": 1767225660000,
         *       "workspace": "clinic"
         *     }
         */
        Snoozing: {
            /** @description Its id in the inbox. */
            id: string;
            /**
             * Format: int64
             * @description When it comes back, in milliseconds since the Unix epoch; 0 for now.
             */
            until_ms: number;
            /** @description Where it waits. */
            workspace: components["schemas"]["WorkspaceId"];
        };
        /** @description One source as read. */
        Source: {
            /** @description Its id within the briefing. */
            id: components["schemas"]["ElementId"];
            /** @description What kind of thing it is, in a word. */
            kind: string;
            /** @description Its fractional order key; empty when it has none. */
            order: string;
            /** @description What it is called. */
            title: string;
            /** @description Where it is. */
            uri: string;
        };
        /** @description A source, named and not quoted. */
        SourceNote: {
            /** @description What kind of thing it is, in a word. */
            kind: string;
            /** @description What it is called. */
            title: string;
            /** @description Where it is. */
            uri: string;
        };
        /** @description How times spread, in milliseconds. */
        Spread: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /**
             * Format: int64
             * @description The longest.
             */
            max_ms: number;
            /**
             * Format: int64
             * @description Half are at most this.
             */
            median_ms: number;
            /**
             * Format: int64
             * @description Nine of ten are at most this.
             */
            p90_ms: number;
        };
        /** @description What stands at a place of the document. */
        Standing: {
            /** @description Its text, value or fields; `null` when nothing is there. */
            content: unknown;
            /** @description The place. */
            path: string;
        };
        /** @description One step as read. */
        Step: {
            /** @description What it says, in Markdown. */
            body: string;
            /** @description Its id within the plan. */
            id: components["schemas"]["ElementId"];
            /** @description Its fractional order key; empty when it has none. */
            order: string;
            /** @description How far it is. */
            status: components["schemas"]["StepStatus"];
            /** @description Whether it sets the direction or carries it out. */
            tier: components["schemas"]["Tier"];
            /** @description What it is called. */
            title: string;
        };
        /** @enum {string} */
        StepStatus: "draft" | "ready" | "doing" | "needs_decision" | "done" | "dropped";
        Structured: {
            /** @description The edits, such as `{"do": "patch", "at": "tasks/ab12", "set": {"status": "doing"}}`. */
            edits: components["schemas"]["StructuredEdit"][];
            /** @description Why. */
            reason?: string;
        };
        /** @description One edit of a list or of fields. */
        StructuredEdit: (components["schemas"]["Add"] & {
            /** @enum {string} */
            do: "add";
        }) | (components["schemas"]["Patch"] & {
            /** @enum {string} */
            do: "patch";
        }) | (components["schemas"]["Move"] & {
            /** @enum {string} */
            do: "move";
        }) | (components["schemas"]["Remove"] & {
            /** @enum {string} */
            do: "remove";
        });
        /** @description One suggestion as read. */
        Suggestion: {
            /**
             * Format: int64
             * @description When it was made, in milliseconds since 1970.
             */
            at: number;
            /** @description Who says to have made it. The server's record of who wrote what has the last word. */
            author: string;
            /** @description Who answered it. */
            decided_by?: string | null;
            end?: components["schemas"]["Position"] | null;
            /** @description Its id within the workspace. */
            id: components["schemas"]["ElementId"];
            /** @description What the passage read when the suggestion was made. */
            quote: string;
            /** @description Why. */
            reason: string;
            /** @description What it should read. */
            replacement: string;
            start?: components["schemas"]["Position"] | null;
            /** @description What became of it. */
            status: components["schemas"]["SuggestionStatus"];
            /** @description The text that it would change, as a path. */
            target: string;
        };
        /** @enum {string} */
        SuggestionStatus: "open" | "accepted" | "rejected" | "stale";
        /** @description A suggestion and whether it still fits. */
        SuggestionView: components["schemas"]["Suggestion"] & {
            /**
             * @description What stands there now, when that is not what the suggestion quotes: three versions are to
             *     be read then, `quote`, `replacement` and this.
             */
            now?: string | null;
        };
        /** @description A place where edits were taken back. */
        TakenBack: components["schemas"]["Reversal"] & {
            /** @description The place. */
            path: string;
        };
        /**
         * @description Taking the pen.
         * @example {
         *       "epoch": 3,
         *       "note": "I finish this before the call."
         *     }
         */
        TakingOver: {
            /**
             * Format: int64
             * @description The item's epoch, as the item was last read.
             */
            epoch: number;
            /** @description Why, for whoever held it. */
            note?: string;
        };
        /** @description One task as read. */
        Task: {
            /** @description The tasks that have to be done before it, sorted. */
            blocked_by: components["schemas"]["ElementId"][];
            /** @description The day or moment it is due, as in ISO 8601. */
            due?: string | null;
            /** @description Its id within the workspace. */
            id: components["schemas"]["ElementId"];
            /** @description What there is to know about it, in Markdown. */
            notes: string;
            /** @description Its fractional order key; empty when it has none. */
            order: string;
            /** @description How pressing it is. */
            priority: components["schemas"]["Priority"];
            /** @description How far it is. */
            status: components["schemas"]["TaskStatus"];
            /** @description The step of the plan that it carries out. */
            step?: string | null;
            /** @description What it is called. */
            title: string;
        };
        /** @enum {string} */
        TaskStatus: "todo" | "doing" | "waiting" | "done" | "cancelled";
        /** @description One thread as read. */
        Thread: {
            /**
             * Format: int64
             * @description When it began, in milliseconds since 1970.
             */
            at: number;
            /** @description What was said, oldest first. */
            comments: components["schemas"]["Comment"][];
            end?: components["schemas"]["Position"] | null;
            /** @description Its id within the workspace. */
            id: components["schemas"]["ElementId"];
            /** @description What the passage read when the discussion began. */
            quote: string;
            /** @description Whether it is settled. */
            resolved: boolean;
            start?: components["schemas"]["Position"] | null;
            /** @description What is discussed, as a path. */
            target: string;
        };
        /** @description A discussion and where it is now. */
        ThreadView: components["schemas"]["Thread"] & {
            /**
             * Format: int32
             * @description Where its passage starts now, in UTF-16 code units.
             */
            offset?: number | null;
            /** @description Whether the passage that it is about is gone. */
            orphaned: boolean;
        };
        /** @description Where an agent's reason to ask becomes a must. */
        Thresholds: {
            /**
             * Format: double
             * @description Most complexity that goes without asking, from 0 to 1.
             * @default 0.8
             */
            complexity_max?: number;
            /**
             * Format: double
             * @description Least confidence that goes without asking, from 0 to 1.
             * @default 0.7
             */
            confidence_min?: number;
            /**
             * Format: double
             * @description When set, confidence counts by how often people found it justified: the share of an
             *     agent's work that may be wrong without anybody having been asked, from 0 to 1.
             * @default null
             */
            miss_max?: number | null;
            /**
             * Format: int32
             * @description Most repetitions that go without asking.
             * @default 2
             */
            repeats_max?: number;
            /**
             * Format: double
             * @description Most stakes that go without asking, from 0 to 1.
             * @default 0.7
             */
            stakes_max?: number;
        };
        /** @description Opens one socket, once, within a minute. */
        TicketAnswer: {
            /**
             * Format: int64
             * @description When it ends, in milliseconds since the Unix epoch.
             */
            expires_ms: number;
            /** @description For `?token=` in a socket's address. */
            ticket: string;
        };
        /** @enum {string} */
        Tier: "strategic" | "tactical";
        /** @description Whom an item is handed to. */
        To: {
            /** @description One person or agent. */
            member: components["schemas"]["MemberId"];
        } | {
            /** @description Whoever claims it first; the queue `people` is in every workspace. */
            queue: components["schemas"]["QueueName"];
        };
        /** @description A page of tokens, newest first. */
        TokenPage: {
            /** @description The tokens. */
            items: components["schemas"]["TokenSummary"][];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description What is known about a token; never its text. */
        TokenSummary: {
            /**
             * Format: int64
             * @description Milliseconds since the Unix epoch; `null` for never.
             */
            expires_ms?: number | null;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Milliseconds since the Unix epoch.
             */
            issued_ms: number;
            /** @description Whom it speaks for. */
            member: components["schemas"]["Member"];
            /**
             * Format: int64
             * @description Milliseconds since the Unix epoch; `null` if it was not revoked.
             */
            revoked_ms?: number | null;
            /** @description Which workspaces it opens; `null` for all. */
            workspaces?: components["schemas"]["WorkspaceId"][] | null;
        };
        /** @description How long the lists of an inbox are. */
        Totals: {
            needs_you: number;
            snoozed: number;
            working_without_you: number;
        };
        /** @description Something that was tried. */
        TriedNote: {
            /** @description What became of it. */
            outcome: components["schemas"]["Outcome"];
            /** @description Who did what. */
            says: string;
        };
        /** @enum {string} */
        Trigger: "confidence" | "loop" | "sentiment" | "explicit_request" | "complexity" | "stakes" | "policy" | "plan_review" | "lease_expired" | "other";
        /** @description Why an edit was not taken back. */
        UndoWhy: {
            /** @description The others, the latest first. */
            by: components["schemas"]["MemberId"][];
            /** @enum {string} */
            why: "also_changed";
        } | {
            /** @description The one who did. */
            by: components["schemas"]["MemberId"];
            /** @enum {string} */
            why: "changed_later";
        } | {
            /** @description The others who changed the text, the latest first. */
            by: components["schemas"]["MemberId"][];
            /** @enum {string} */
            why: "deleted_by_somebody";
        } | {
            /** @enum {string} */
            why: "no_earlier_value";
        };
        /**
         * @description Whose work to undo.
         * @example {
         *       "member": "planner",
         *       "since": "handoff:h1"
         *     }
         */
        Undoing: {
            /** @description Whose edits. */
            member: components["schemas"]["MemberId"];
            /**
             * @description Since when: `visit`, `handoff:<id>`, `decision:<id>`, `approval:<id>`,
             *     `checkpoint:<id>` or a cursor.
             */
            since: string;
        };
        /** @description What became of one member's edits. */
        Undone: {
            /** @description What was not, and why. */
            kept: components["schemas"]["Kept"][];
            /** @description What was taken back. */
            undone: components["schemas"]["TakenBack"][];
        };
        /** @enum {string} */
        Verdict: "approve" | "edit" | "decline" | "reply";
        /** @description Whether the chain of records holds. */
        Verified: {
            /**
             * Format: int64
             * @description The number of the record that breaks the chain.
             */
            broken?: number | null;
            /** @description The hash of the last one that does; of the lineage when there is none. */
            head: components["schemas"]["Hash"];
            /** @description Whether every record follows from the one before, up to the newest. */
            ok: boolean;
            /**
             * Format: int64
             * @description How many do, from the first on.
             */
            records: number;
            /** @description What is wrong with it. */
            why?: string | null;
        };
        /** @description What a workspace read as at one moment. */
        Version: {
            /**
             * Format: int64
             * @description The time, in milliseconds since 1970.
             */
            at_ms: number;
            /** @description How much of each client's writing it holds. */
            clocks: components["schemas"]["Clocks"];
            /**
             * Format: int64
             * @description The position in the log of the last entry that it holds.
             */
            cursor: number;
            /** @description What the workspace read as. */
            projection: components["schemas"]["Workspace"];
        };
        /** @description Something that waits. */
        Wait: {
            /** @description What kind of thing. */
            kind: components["schemas"]["WaitKind"];
            /**
             * Format: int64
             * @description Since when, in milliseconds since the Unix epoch.
             */
            since_ms: number;
            /** @description The item in the queue, or the id. */
            what: string;
            /** @description In which workspace. */
            workspace: components["schemas"]["WorkspaceId"];
        };
        /**
         * @description What may wait.
         * @enum {string}
         */
        WaitKind: "item" | "handoff" | "approval" | "decision";
        /** @description An item that waits in a queue. */
        Waiting: {
            /**
             * Format: int64
             * @description Its epoch, which a claim carries.
             */
            epoch: number;
            /** @description Which item. */
            item: components["schemas"]["Item"];
            /**
             * Format: int64
             * @description Since when.
             */
            since_ms: number;
        };
        /** @description Something that waits for a receiver. */
        WaitingNote: {
            /** @description Its id. */
            id: string;
            /** @description What it is about. */
            item: components["schemas"]["Item"];
            /** @description What it is, in a word: approval, handoff, decision, suggestion. */
            kind: string;
            /**
             * Format: int64
             * @description Since when it waits, in milliseconds since 1970.
             */
            since_ms: number;
            /** @description What it is called. */
            title: string;
        };
        /** @description What was done to a place. */
        What: {
            /** @enum {string} */
            change: "added";
            /** @description What it says. */
            fields: components["schemas"]["Field"][];
        } | {
            /** @enum {string} */
            change: "removed";
            /** @description What it said. */
            fields: components["schemas"]["Field"][];
        } | {
            /** @description What stands before it now; nothing when it is the first. */
            after?: string | null;
            /** @enum {string} */
            change: "moved";
        } | {
            /** @enum {string} */
            change: "set";
            from?: components["schemas"]["Primitive"] | null;
            to?: components["schemas"]["Primitive"] | null;
        } | {
            /** @enum {string} */
            change: "text";
            /** @description The differences, from its start to its end. */
            hunks: components["schemas"]["Hunk"][];
        } | {
            /** @enum {string} */
            change: "suggestion";
            /** @description What the passage read. */
            quote: string;
            /** @description Why. */
            reason: string;
            /** @description What it should read. */
            replacement: string;
            /** @description What became of it. */
            status: components["schemas"]["SuggestionStatus"];
            /** @description The text it would change. */
            target: string;
        } | {
            /** @enum {string} */
            change: "comment";
            /** @description The passage that is discussed. */
            quote: string;
            /** @description What is discussed. */
            target: string;
            /** @description What was said. */
            text: string;
        } | {
            /** @enum {string} */
            change: "settled";
            /** @description The passage that was discussed. */
            quote: string;
            /** @description What was discussed. */
            target: string;
        };
        /** @description A place among siblings. */
        Where: "first" | "last" | {
            /** @description Right before this one. */
            before: components["schemas"]["ElementId"];
        } | {
            /** @description Right after this one. */
            after: components["schemas"]["ElementId"];
        };
        /** @description A member, as named to a reader. */
        Who: {
            /** @description The member's identifier. */
            id: components["schemas"]["MemberId"];
            kind?: components["schemas"]["Kind"] | null;
            /** @description The member's name. */
            name: string;
        };
        Whole: {
            /** @description What came with the text when it was read. */
            base: string;
            /** @description Which text. */
            path: string;
            /** @description Why, for whoever decides on what becomes a suggestion. */
            reason?: string;
            /** @description What it should read. */
            text: string;
        };
        /** @description Words by one writer. */
        Words: {
            by?: components["schemas"]["Who"] | null;
            /** @description The words. */
            text: string;
        };
        /** @description A workspace as read. */
        Workspace: {
            /** @description What a newcomer has to know. */
            briefing: components["schemas"]["Briefing"];
            /** @description The text that everybody drafts in, in Markdown. */
            notes: string;
            /** @description The goal and the steps. */
            plan: components["schemas"]["Plan"];
            /**
             * Format: int64
             * @description Version of the schema that the document was made with.
             */
            schema: number;
            /** @description Proposed changes to texts, oldest first. */
            suggestions: components["schemas"]["Suggestion"][];
            /** @description The tasks, in order. */
            tasks: components["schemas"]["Task"][];
            /** @description Discussions of passages, oldest first. */
            threads: components["schemas"]["Thread"][];
            /** @description The title of the workspace. */
            title: string;
        };
        /**
         * @description What to change about a workspace.
         * @example {
         *       "title": "Grant proposal, second round"
         *     }
         */
        WorkspaceChange: {
            /** @description Archive it, or take it out of the archive; needs the role admin. */
            archived?: boolean | null;
            /** @description A new title. */
            title?: string | null;
        };
        /** @description Names one workspace, and so one document and one log. */
        WorkspaceId: string;
        /** @description A page of workspaces, in the order of their ids. */
        WorkspacePage: {
            /** @description The workspaces that the caller may open. */
            items: components["schemas"]["WorkspaceSummary"][];
            /** @description Ask again with this as `cursor` for more; `null` at the end. */
            next_cursor?: string | null;
        };
        /** @description A workspace, as in lists. */
        WorkspaceSummary: {
            /** @description Hidden from lists and read-only. */
            archived: boolean;
            /** @description Who made it. */
            created_by: components["schemas"]["MemberId"];
            /**
             * Format: int64
             * @description Milliseconds since the Unix epoch.
             */
            created_ms: number;
            /** @description Its id. */
            id: components["schemas"]["WorkspaceId"];
            /** @description Random id of this document's history; a copy with another one does not belong to it. */
            lineage: string;
            /** @description Its title. */
            title: string;
            /**
             * Format: int64
             * @description Milliseconds since the Unix epoch of the last recorded change.
             */
            updated_ms: number;
        };
        /**
         * @description What to write: the whole new text, words to replace, something to append, or edits of lists
         *     and fields.
         * @example {
         *       "base": "1532.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.plan/steps/ab12/body",
         *       "path": "plan/steps/ab12/body",
         *       "text": "Meet the lab in June."
         *     }
         */
        Writing: components["schemas"]["Whole"] | components["schemas"]["Replace"] | components["schemas"]["Append"] | components["schemas"]["Structured"];
        /** @description What became of it. */
        Written: {
            /** @description Of edits: the places that changed. */
            changed: string[];
            /** @description Of a text: what became of each change. */
            hunks: components["schemas"]["MergedHunk"][];
            now?: components["schemas"]["ReadText"] | null;
            /** @description What people have to decide. */
            suggestions: components["schemas"]["ElementId"][];
        };
        /** Format: int64 */
        u64: number;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
