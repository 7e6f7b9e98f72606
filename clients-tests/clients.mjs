// npm's OAuth clients against the broker: openid-client by discovery and by URL, simple-oauth2 by URL.
import * as openid from 'openid-client'
import simple from 'simple-oauth2'

const broker = process.env.BROKER
const api = process.env.API
const id = process.env.CLIENT_ID
const secret = process.env.CLIENT_SECRET

async function call(token) {
  const answer = await fetch(`${api}/v2/users/me`, { headers: { authorization: `Bearer ${token}` } })
  if (answer.status !== 200) throw new Error(`the API answered ${answer.status}`)
}

async function refused(attempt) {
  try {
    await attempt()
  } catch {
    return
  }
  throw new Error('a wrong secret was accepted')
}

function metadata() {
  return { issuer: broker, token_endpoint: `${broker}/oauth/token` }
}

function byUrl(authentication, withSecret = secret) {
  const config = new openid.Configuration(metadata(), id, { client_secret: withSecret }, authentication)
  openid.allowInsecureRequests(config)
  return config
}

function simpleClient(options, withSecret = secret) {
  return new simple.ClientCredentials({
    client: { id, secret: withSecret },
    auth: { tokenHost: broker, tokenPath: '/oauth/token' },
    options,
  })
}

const tests = {
  'openid-client by discovery': async () => {
    const config = await openid.discovery(
      new URL(`${broker}/apps/zoom`), id, secret, openid.ClientSecretBasic(secret),
      { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] })
    const token = await openid.clientCredentialsGrant(config, { scope: 'a b' })
    await call(token.access_token)
  },
  'openid-client by URL, Basic': async () => {
    const token = await openid.clientCredentialsGrant(byUrl(openid.ClientSecretBasic(secret)))
    if (!(token.expiresIn() > 0)) throw new Error('no expires_in')
    await call(token.access_token)
  },
  'openid-client by URL, body': async () => {
    const token = await openid.clientCredentialsGrant(byUrl(openid.ClientSecretPost(secret)))
    await call(token.access_token)
  },
  'openid-client, wrong secret': () => refused(
    () => openid.clientCredentialsGrant(byUrl(openid.ClientSecretBasic('wrong'), 'wrong'))),
  'simple-oauth2, Basic': async () => {
    const token = await simpleClient().getToken({ scope: 'a b' })
    await call(token.token.access_token)
  },
  'simple-oauth2, body': async () => {
    const token = await simpleClient({ authorizationMethod: 'body' }).getToken({})
    await call(token.token.access_token)
  },
  'simple-oauth2, wrong secret': () => refused(() => simpleClient(undefined, 'wrong').getToken({})),
}

for (const [name, test] of Object.entries(tests)) {
  try {
    await test()
    console.log(`ok ${name}`)
  } catch (failure) {
    console.log(`FAILED ${name}: ${failure.message} ${failure.cause?.message ?? ''}`)
  }
}
