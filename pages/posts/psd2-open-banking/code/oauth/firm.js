// The third party: a client of the bank's authorisation server, by openid-client.
import * as oauth from "openid-client";
import { Agent, fetch } from "undici";
import { CALLBACK, CLIENT } from "./bank.js";

const over = (pair) => new Agent({ connect: pair });
export const fetchWith = (pair) => (url, options) =>
  fetch(url, { ...options, dispatcher: over(pair) });

// region connect
export async function connect(issuer, key, pair) {
  const metadata = {
    use_mtls_endpoint_aliases: false,
    authorization_signed_response_alg: "PS256",
    id_token_signed_response_alg: "PS256",
  };
  const signer = oauth.PrivateKeyJwt({ key, kid: "client" }, issuerAsAudience(issuer));
  const config = await oauth.discovery(new URL(issuer), CLIENT, metadata, signer, {
    [oauth.customFetch]: fetchWith(pair),
  });
  oauth.useJwtResponseMode(config);
  return config;
}

// FAPI 2.0: the assertion's audience is the issuer alone, as one string.
const issuerAsAudience = (issuer) => ({
  [oauth.modifyAssertion]: (_, payload) => {
    payload.aud = issuer;
  },
});

export async function request(config) {
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const url = await oauth.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: CALLBACK,
    scope: "openid offline_access accounts",
    prompt: "consent",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  });
  return { url, verifier, state };
}

export const redeem = (config, callback, { verifier, state }) =>
  oauth.authorizationCodeGrant(config, new URL(callback), {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
// endregion connect

/** Follows the bank's redirects as a browser does; where it is sent back to. */
export async function browse(url, ca) {
  const dispatcher = new Agent({ connect: { ca } });
  const cookies = new Map();
  let next = url.href;
  for (let hop = 0; hop < 10 && !next.startsWith(CALLBACK); hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(next, {
      dispatcher,
      redirect: "manual",
      headers: { cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (!location)
      throw new Error(`${answer.status} at ${next}: ${await answer.text()}`);
    next = new URL(location, next).href;
  }
  return next;
}
