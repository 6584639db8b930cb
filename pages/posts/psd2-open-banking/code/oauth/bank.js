// The bank's authorisation server: oidc-provider with the FAPI 2.0 profile, on mTLS.
// Its page approves at once: it stands for the customer and the bank's own SCA.
import { createHash, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import Provider from "oidc-provider";

export const CLIENT = "PSDDE-BAFIN-123456";
export const CALLBACK = "https://api.pay.example/callback";

// region provider
function configuration({ jwks, clientKeys, rotate = false, profile = "2.0" }) {
  return {
    jwks,
    clients: [client(clientKeys)],
    scopes: ["openid", "offline_access", "accounts"],
    claims: { openid: ["sub"] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    rotateRefreshToken: rotate,
    ttl: { AuthorizationCode: 60, AccessToken: 300, Grant: 180 * 24 * 3600 },
    features: {
      devInteractions: { enabled: false },
      fapi: { enabled: true, profile },
      pushedAuthorizationRequests: {
        enabled: true,
        requirePushedAuthorizationRequests: true,
      },
      jwtResponseModes: { enabled: true },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        getCertificate: (ctx) => certificateOf(ctx.socket),
      },
    },
  };
}

const client = (keys) => ({
  client_id: CLIENT,
  redirect_uris: [CALLBACK],
  response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token"],
  token_endpoint_auth_method: "private_key_jwt",
  token_endpoint_auth_signing_alg: "PS256",
  id_token_signed_response_alg: "PS256",
  authorization_signed_response_alg: "PS256",
  tls_client_certificate_bound_access_tokens: true,
  jwks: keys,
});
// endregion provider

function certificateOf(socket) {
  const { raw } = socket.getPeerCertificate();
  return raw && new X509Certificate(raw).toString();
}

export async function startBank({ key, cert, ca, ...about }) {
  const tls = { key, cert, ca, requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `https://localhost:${server.address().port}`;
  const provider = new Provider(issuer, configuration(about));
  const standard = provider.callback();
  server.on("request", (request, response) => {
    if (request.url.startsWith("/interaction/"))
      return approve(provider, request, response);
    if (request.url === "/accounts") return accounts(provider, request, response);
    return standard(request, response);
  });
  return { issuer, provider, close: () => server.close() };
}

async function approve(provider, request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({
    accountId: "PSU-1234",
    clientId: params.client_id,
  });
  grant.addOIDCScope(params.scope);
  const result = {
    login: { accountId: "PSU-1234" },
    consent: { grantId: await grant.save() },
  };
  await provider.interactionFinished(request, response, result);
}

// region resource
async function accounts(provider, request, response) {
  const value = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const token = value && (await provider.AccessToken.find(value));
  const { raw } = request.socket.getPeerCertificate();
  const shown = raw && createHash("sha256").update(raw).digest("base64url");
  const bound = token?.isValid && token["x5t#S256"];
  if (!bound || bound !== shown) {
    response.writeHead(401, { "WWW-Authenticate": 'Bearer error="invalid_token"' });
    return response.end();
  }
  response.writeHead(200, { "Content-Type": "application/json" });
  return response.end(
    JSON.stringify({ accounts: [{ iban: "DE14100100109876543210" }] }),
  );
}
// endregion resource
