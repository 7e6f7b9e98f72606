"""Python's requests-oauthlib against the broker."""

import os

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error  # noqa: E402
from requests.auth import HTTPBasicAuth  # noqa: E402
from requests_oauthlib import OAuth2Session  # noqa: E402

URL = os.environ["BROKER"] + "/oauth/token"
ME = os.environ["API"] + "/v2/users/me"
ID = os.environ["CLIENT_ID"]
SECRET = os.environ["CLIENT_SECRET"]


def session():
    return OAuth2Session(client=BackendApplicationClient(client_id=ID))


def call(oauth):
    answer = oauth.get(ME)
    assert answer.status_code == 200, f"the API answered {answer.status_code}"


def basic():
    oauth = session()
    token = oauth.fetch_token(URL, auth=HTTPBasicAuth(ID, SECRET))
    assert token["expires_in"] > 0
    call(oauth)


def body():
    oauth = session()
    oauth.fetch_token(URL, client_id=ID, client_secret=SECRET, include_client_id=True)
    call(oauth)


def wrong_secret():
    try:
        session().fetch_token(URL, auth=HTTPBasicAuth(ID, "wrong"))
    except OAuth2Error as refused:
        assert refused.error == "invalid_client", refused.error
        return
    raise AssertionError("a wrong secret was accepted")


for name, test in {
    "requests-oauthlib, Basic": basic,
    "requests-oauthlib, body": body,
    "requests-oauthlib, wrong secret": wrong_secret,
}.items():
    try:
        test()
        print(f"ok {name}")
    except Exception as failure:  # a test must not take the others with it
        print(f"FAILED {name}: {failure}")
