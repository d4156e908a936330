/** Where the API is: the console's own origin, or with `make frontend-dev` the gateway's. */
export const BASE_URL: string = (import.meta.env.VITE_API as string | undefined) ?? location.origin;
