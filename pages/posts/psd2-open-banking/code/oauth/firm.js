// The third party: a client of the bank's authorisation server, by openid-client.
import * as oauth from "openid-client";
import { Agent, fetch } from "undici";
import { CALLBACK, CLIENT } from "./bank.js";

const over = (pair) => new Agent({ connect: pair });
export const fetchWith = (pair) => (url, options) =>
  fetch(url, { ...options, dispatcher: over(pair) });

// region connect
export async function connect(issuer, key, pair) {
  const config = await discover(issuer, key, pair);
  oauth.useJwtResponseMode(config); // JARM: the answer comes signed
  return config;
}

export function discover(issuer, key, pair) {
  const alg = "PS256";
  const metadata = {
    authorization_signed_response_alg: alg,
    id_token_signed_response_alg: alg,
  };
  const signer = oauth.PrivateKeyJwt({ key, kid: "client" }, issuerAsAudience(issuer));
  const over = { [oauth.customFetch]: fetchWith(pair) };
  return oauth.discovery(new URL(issuer), CLIENT, metadata, signer, over);
}

// FAPI 2.0: the assertion's audience is the issuer alone, as one string.
const issuerAsAudience = (issuer) => ({
  [oauth.modifyAssertion]: (_, payload) => {
    payload.aud = issuer;
  },
});

// endregion connect

// region flow
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
// endregion flow

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
