/** The calls about one's second factors. */
import { answered, api, type Schemas } from "../api/client";

export const FACTORS = ["factors"] as const;

export const readFactors = () => answered(api.GET("/api/v1/auth/factors"));
export const beginApp = (name: string) => answered(api.POST("/api/v1/auth/factors/totp", { body: { name } }));
export const confirmApp = (code: string) => answered(api.POST("/api/v1/auth/factors/totp/confirm", { body: { code } }));
export const newCodes = () => answered(api.POST("/api/v1/auth/factors/recovery-codes"));
export const removeFactor = (id: string) => api.DELETE("/api/v1/auth/factors/{factor_id}", { params: { path: { factor_id: id } } });

export async function addPasskey(name: string): Promise<Schemas["FactorAdded"]> {
  const begun = await answered(api.POST("/api/v1/auth/factors/passkeys/options"));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.options as unknown as PublicKeyCredentialCreationOptionsJSON);
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const passkey = made.toJSON() as Record<string, unknown>;
  return answered(api.POST("/api/v1/auth/factors/passkeys", { body: { challenge_token: begun.challenge_token, name, passkey } }));
}
