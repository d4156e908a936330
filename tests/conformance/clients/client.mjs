// Calls the edge with Node's fetch: BASE_URL TOKEN UPLOAD_BYTES.

const [base, token, uploadBytes] = process.argv.slice(2);

async function send(method, path, authorization, body) {
  const headers = { Authorization: authorization, "Content-Type": "application/json" };
  const answer = await fetch(base + path, { method, headers, body, duplex: "half" });
  console.log(answer.status, (await answer.arrayBuffer()).byteLength);
}

const bearer = `Bearer ${token}`;
await send("GET", "/api/v1/rows", bearer);
await send("POST", "/api/v1/cases", bearer, JSON.stringify({ court: "Mahakamá" }));
await send("HEAD", "/api/v1/cases", bearer);
await send("GET", "/api/v1/cases", "Bearer x");
await send("POST", "/api/v1/imports", bearer, new Blob([new Uint8Array(Number(uploadBytes))]).stream());
