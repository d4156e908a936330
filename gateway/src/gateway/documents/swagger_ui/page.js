// Swagger UI with a sign-in. The tokens are in this page's memory alone: a reload forgets them.

const SCHEME = "bearer"; // its name among the description's security schemes
const RENEWAL_MARGIN_MS = 30_000;
const signInForm = document.getElementById("sign-in");
const signedIn = document.getElementById("signed-in");
const note = document.getElementById("note");

let session = null; // {accessToken, refreshToken, renewAt}
let renewal = null; // one at a time: a refresh token is spent by its use

async function post(action, body) {
  // Without cookies: signing in here must not end the session of a frontend in this browser.
  const response = await fetch(`/api/v1/auth/${action}`, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = response.status === 204 ? {} : await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(answer.detail ?? answer.title), { status: response.status });
  }
  return answer;
}

function startSession(answer) {
  session = {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    renewAt: Date.now() + answer.expires_in * 1000 - RENEWAL_MARGIN_MS,
  };
  document.getElementById("account").textContent = answer.user.email;
  ui.preauthorizeApiKey(SCHEME, session.accessToken);
  show("");
}

function endSession(text) {
  session = null;
  ui.authActions.logout([SCHEME]);
  show(text);
}

function show(text) {
  signInForm.hidden = session !== null;
  signedIn.hidden = session === null;
  note.textContent = text;
}

function renew() {
  renewal ??= exchange().finally(() => { renewal = null; });
  return renewal;
}

async function exchange() {
  const spent = session;
  try {
    const answer = await post("refresh", { refresh_token: spent.refreshToken });
    if (session === spent) startSession(answer); // unless the user has signed out meanwhile
  } catch (error) {
    if (error.status !== 401) show(`The access token could not be renewed: ${error.message}`);
    else if (session === spent) endSession("Your session has ended: sign in again.");
  }
}

async function withCurrentToken(request) {
  const ours = session && request.headers.Authorization === `Bearer ${session.accessToken}`;
  if (ours && Date.now() >= session.renewAt) {
    await renew();
    if (session) request.headers.Authorization = `Bearer ${session.accessToken}`;
  }
  return request;
}

async function explained(response) {
  // Revoked, or older than the user's grants: nothing in this page shows that beforehand.
  if (session && response.status === 401 && response.body?.code?.startsWith("token-")) {
    const refused = session;
    await renew();
    if (session && session !== refused) {
      show("The access token was renewed: execute the operation again.");
    }
  }
  return response;
}

signInForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { email, password } = Object.fromEntries(new FormData(signInForm));
  const button = signInForm.querySelector("button");
  button.disabled = true;
  try {
    startSession(await post("login", { email, password, device_name: "API documentation" }));
    signInForm.reset();
  } catch (error) {
    show(error.message);
  } finally {
    button.disabled = false;
  }
});

document.getElementById("sign-out").addEventListener("click", async () => {
  try {
    await post("logout", { refresh_token: session.refreshToken });
    endSession("");
  } catch (error) {
    show(error.message);
  }
});

const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  tagsSorter: "alpha",
  validatorUrl: null,
  requestInterceptor: withCurrentToken,
  responseInterceptor: explained,
  onComplete: () => show(""), // only now is the scheme known that a sign-in fills in
});
